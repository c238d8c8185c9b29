import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { KubeConfig } from "@kubernetes/client-node";
import { place, server } from "#grading/machine/facilities/kubernetes/cluster-plan.ts";

/** The administrator of another run's cluster, made by the same script, at this cluster's API server. */
export async function foreignAdmin(): Promise<KubeConfig> {
  const keys = "/run/drydock/another-cluster";
  await promisify(execFile)(`${place.scripts}/certificates.sh`, [keys, place.controlPlane, place.apiService]);
  const read = async (file: string) => (await readFile(file)).toString("base64");
  const config = new KubeConfig();
  config.loadFromOptions({
    clusters: [{ name: "c", server, caData: await read(`${place.keys}/ca.crt`), skipTLSVerify: false }],
    users: [
      { name: "u", certData: await read(`${keys}/admin.crt`), keyData: await read(`${keys}/admin.key`) },
    ],
    contexts: [{ name: "x", cluster: "c", user: "u" }],
    currentContext: "x",
  });
  return config;
}
