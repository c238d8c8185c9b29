import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import http from "node:http";
import { promisify } from "node:util";
import Docker from "dockerode";
import { waitForEngine } from "#grading/machine/facilities/engine/wait-for-engine.ts";
import { startCluster } from "#grading/machine/facilities/kubernetes/start-cluster.ts";
import { attackApi } from "./attack-api.ts";
import { attackFromPod } from "./attack-from-pod.ts";
import type { AttackReport } from "./attack-report.ts";
import { lookFromNode } from "./look-from-node.ts";
import { machinePort, searchScript, secret, secretFolder } from "./machine-secret.ts";

/** Takes the agent's place in a machine; see attacked-cluster.ts. */

async function main(): Promise<AttackReport> {
  const docker = new Docker({ socketPath: "/var/run/docker.sock" });
  const { signal } = new AbortController();
  await mkdir(secretFolder, { recursive: true });
  await writeFile(`${secretFolder}/answer.txt`, secret);
  const own = http.createServer((_request, response) => response.end(secret));
  await new Promise<void>((resolve) => own.listen(machinePort, "0.0.0.0", resolve));
  await waitForEngine(docker, 60, signal);
  const cluster = await startCluster({
    docker,
    spec: { nodes: 1, namespaces: ["student", "other"], podSecurity: "baseline" },
    say: (line) => console.log(line),
    signal,
  });
  const { api, configMapsBeforeRefusal } = await attackApi(cluster);
  const { connections, finds } = await attackFromPod(cluster, signal);
  const nodeFinds = await lookFromNode(docker);
  const { stdout } = await promisify(execFile)("sh", ["-c", searchScript]);
  const answer = await fetch(`http://10.240.0.1:${machinePort}/`);
  const machine = {
    machineFinds: stdout.split("\n").filter(Boolean),
    machineAnswers: (await answer.text()) === secret,
  };
  return { ...machine, api, connections, podFinds: finds, nodeFinds, configMapsBeforeRefusal };
}

main().then(
  (report) => {
    console.log(JSON.stringify(report));
    process.exit(0);
  },
  (error: unknown) => {
    console.log(error);
    process.exit(1);
  },
);
