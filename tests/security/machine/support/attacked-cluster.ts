import { mkdtemp, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { PassThrough, Readable } from "node:stream";
import { build } from "esbuild";
import { pack } from "tar-stream";
import { eachLine } from "#infra/machine/engine/engine-lines.ts";
import { ensureEngine } from "#infra/machine/engine/ensure-engine.ts";
import { ensureMachineImage } from "#infra/machine/ensure-image.ts";
import { machinePrivileges } from "#infra/machine/machine-capabilities.ts";
import type { AttackReport } from "./kubernetes-attacks/attack-report.ts";

const attacks = path.join(import.meta.dirname, "kubernetes-attacks/main.ts");

/**
 * Boots a real machine in which a program takes the agent's place: it starts the run's Kubernetes as the agent does,
 * attacks it, and reports what happened as its last line. Resolves once the machine has ended by itself.
 */
export async function attackCluster(): Promise<AttackReport> {
  const { docker } = await ensureEngine({ install: true, onProgress: () => undefined });
  const { image } = await ensureMachineImage({
    docker,
    machineKind: "engine+kubernetes",
    onProgress: () => undefined,
  });
  const container = await docker.createContainer({
    name: `drydock-test-attacks-${process.pid}`,
    Image: image,
    Hostname: "machine",
    HostConfig: {
      ...machinePrivileges,
      NetworkMode: "none",
      NanoCpus: 2e9,
      Memory: 4 * 1024 ** 3,
      PidsLimit: 8192,
      Mounts: [{ Type: "volume", Source: "", Target: "/var/lib/docker" }],
    },
  });
  try {
    await container.putArchive(await machineFiles(), { path: "/" });
    const stream = await container.attach({ stream: true, stdout: true, stderr: true });
    const lines: string[] = [];
    const text = new PassThrough();
    docker.modem.demuxStream(stream, text, text);
    stream.once("end", () => text.end());
    const read = eachLine(text, (line) => lines.push(line));
    await container.start();
    await container.wait();
    await read;
    const report = lines.find((line) => line.startsWith("{"));
    if (report === undefined) throw new Error(`The machine reported nothing:\n${lines.join("\n")}`);
    return JSON.parse(report) as AttackReport;
  } finally {
    await container.remove({ force: true, v: true });
  }
}

async function machineFiles(): Promise<Readable> {
  const archive = pack();
  const userData = {
    agentAddress: "unix:/run/drydock/gateway/agent.sock",
    token: "of-no-use-in-this-machine",
    leaseUntil: new Date(Date.now() + 600_000).toISOString(),
  };
  archive.entry({ name: "opt/drydock/agent.mjs" }, await bundleAttacks());
  archive.entry({ name: "run/drydock/user-data.json", mode: 0o600 }, JSON.stringify(userData));
  archive.finalize();
  return Readable.from(archive);
}

async function bundleAttacks(): Promise<Buffer> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "drydock-attacks-"));
  const outfile = path.join(folder, "agent.mjs");
  try {
    await build({
      entryPoints: [attacks],
      outfile,
      bundle: true,
      platform: "node",
      target: "node20.19",
      format: "esm",
      logLevel: "warning",
      // As infra/build/bundle.mjs does for the agent.
      banner: {
        js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
      },
      plugins: [
        {
          name: "without-unused",
          setup(bundle) {
            const filter = /^(ssh2|@grpc\/grpc-js|@grpc\/proto-loader|protobufjs)$/;
            bundle.onResolve({ filter }, ({ path: name }) => ({ path: name, namespace: "unused" }));
            bundle.onLoad({ filter: /.*/, namespace: "unused" }, () => ({
              contents: "module.exports = {};",
            }));
          },
        },
      ],
    });
    return await readFile(outfile);
  } finally {
    await rm(folder, { recursive: true });
  }
}
