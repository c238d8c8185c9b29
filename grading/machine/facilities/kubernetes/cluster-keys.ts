import { readFile, rm } from "node:fs/promises";
import path from "node:path";
import { KubeConfig } from "@kubernetes/client-node";
import { type NodePlan, place, server } from "./cluster-plan.ts";
import { onMachine } from "./on-machine.ts";

export interface ClusterKeys {
  ca: Buffer;
  admin: KubeConfig;
  student: KubeConfig;
}

/** Makes the cluster's authority and everybody's keys in place.keys. Takes about 0.2 s. */
export async function makeKeys(nodes: readonly NodePlan[], signal: AbortSignal): Promise<ClusterKeys> {
  await rm(place.keys, { recursive: true, force: true });
  await onMachine(
    [
      `${place.scripts}/certificates.sh`,
      place.keys,
      place.controlPlane,
      place.apiService,
      ...nodes.map((node) => node.address),
    ],
    signal,
  );
  return readKeys();
}

/** The keys of the cluster that runs in this machine. */
export async function readKeys(): Promise<ClusterKeys> {
  const read = (name: string) => readFile(path.join(place.keys, name));
  const ca = await read("ca.crt");
  const configOf = async (user: string) =>
    kubeConfig(user, ca, await read(`${user}.crt`), await read(`${user}.key`));
  return { ca, admin: await configOf("admin"), student: await configOf("student") };
}

function kubeConfig(user: string, ca: Buffer, cert: Buffer, key: Buffer): KubeConfig {
  const config = new KubeConfig();
  config.loadFromOptions({
    clusters: [{ name: "drydock", server, caData: ca.toString("base64"), skipTLSVerify: false }],
    users: [{ name: user, certData: cert.toString("base64"), keyData: key.toString("base64") }],
    contexts: [{ name: user, cluster: "drydock", user }],
    currentContext: user,
  });
  return config;
}
