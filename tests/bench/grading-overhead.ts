import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import type Docker from "dockerode";
import tar from "tar-stream";
import { ensureAgentBundle } from "../../bin/cli/agent-bundle.ts";
import { type MachineBench, serveOneRun, withMachines } from "./machine.ts";
import { expectAllPassed, makeOrder } from "./order.ts";
import { percentile, type Row } from "./table.ts";

const pairs = 5;

/** Steps that take seconds, as students' do: the overhead is a share of real work. */
const dockerfile = `FROM python:3.13-slim
WORKDIR /app
RUN python3 -c "sum(i * i for i in range(30_000_000))"
COPY main.py .
RUN python3 -m compileall -q /usr/lib/python3*/json /app
CMD ["python3", "main.py"]
`;
const program = `print(sum(i * i for i in range(15_000_000)), "done")\n`;

const byHand = `set -e
rm -rf /var/lib/drydock/hand && mkdir -p /var/lib/drydock/hand && cd /var/lib/drydock/hand
tar xf /var/lib/drydock/overhead.tar
docker build -q -t hand . && docker run --rm hand | grep -q done`;
const noteImages = "docker images --format '{{.Repository}}:{{.Tag}}' | sort > /var/lib/drydock/base-images";
/** Everything that a build left, so that each starts from the base images alone. */
const clean = `docker container prune -f >/dev/null
docker images --format '{{.Repository}}:{{.Tag}}' | sort | comm -13 /var/lib/drydock/base-images - | xargs -r docker rmi -f >/dev/null
docker builder prune -af >/dev/null`;

/** Grading and the same commands typed by hand, in turn, in one warm machine whose own agent does nothing. */
export async function measureGradingOverhead(): Promise<Row[]> {
  return withIdleMachine(async (bench, container) => {
    const graded: number[] = [];
    const typed: number[] = [];
    const { order, submissionPath } = await makeOrder(
      "overhead",
      { Dockerfile: dockerfile, "main.py": program },
      bench.workDir,
    );
    await copyIn(container, "/var/lib/drydock", {
      "overhead.tar": submissionPath,
      "agent.mjs": await ensureAgentBundle(),
    });
    await exec(container, noteImages);
    for (let pair = 0; pair <= pairs; pair += 1) {
      await exec(container, clean);
      const hand = await exec(container, byHand);
      await exec(container, clean);
      const agent = await gradeOnce(bench, container, order, submissionPath, pair);
      // The first pair warms the machine's page cache.
      if (pair === 0) continue;
      typed.push(hand);
      graded.push(agent);
    }
    const ratio = percentile(graded, 50) / percentile(typed, 50);
    return [
      {
        goal: "grading at most 1.15 times the same commands by hand",
        figure: `${ratio.toFixed(2)} (medians ${(percentile(graded, 50) / 1000).toFixed(2)} s and ${(percentile(typed, 50) / 1000).toFixed(2)} s, ${pairs} pairs)`,
        pass: ratio <= 1.15,
      },
    ];
  });
}

async function gradeOnce(
  bench: MachineBench,
  container: Docker.Container,
  order: Parameters<typeof serveOneRun>[1]["order"],
  submissionPath: string,
  pair: number,
): Promise<number> {
  const served = await serveOneRun(bench, { name: `overhead-${pair}`, order, submissionPath });
  try {
    const file = path.join(bench.workDir, "user-data.json");
    await writeFile(file, JSON.stringify(served.userData));
    await copyIn(container, "/var/lib/drydock", { "user-data.json": file });
    const ms = await exec(
      container,
      "rm -rf /var/lib/drydock/graded && node /var/lib/drydock/agent.mjs /var/lib/drydock/user-data.json /var/lib/drydock/lease /var/lib/drydock/graded",
    );
    expectAllPassed(await served.result);
    return ms;
  } finally {
    await served.close();
  }
}

async function withIdleMachine<T>(
  work: (bench: MachineBench, container: Docker.Container) => Promise<T>,
): Promise<T> {
  const agent = path.resolve("tests/bench/idle-agent.mjs");
  return withMachines({ machineKind: "engine", agent }, async (bench) => {
    const machine = await bench.launch("overhead", {
      agentAddress: "unix:/run/drydock/gateway/none.sock",
      token: "a-token-that-is-never-used",
      leaseUntil: new Date(Date.now() + 30 * 60_000).toISOString(),
    });
    try {
      const container = bench.docker.getContainer(machine.instanceId);
      await exec(container, "until docker info >/dev/null 2>&1; do sleep 0.1; done");
      return await work(bench, container);
    } finally {
      await bench.terminate(machine);
    }
  });
}

/** Runs a script in the machine; milliseconds until it ended. Throws with its output when it failed. */
async function exec(container: Docker.Container, script: string): Promise<number> {
  const started = performance.now();
  const run = await container.exec({
    Cmd: ["sh", "-c", script],
    AttachStdout: true,
    AttachStderr: true,
    Tty: true,
  });
  const stream = await run.start({ Tty: true });
  let output = "";
  for await (const chunk of stream) output = (output + String(chunk)).slice(-4000);
  const { ExitCode } = await run.inspect();
  if (ExitCode !== 0)
    throw new Error(`A command in the machine ended with ${ExitCode}:\n${script}\n${output}`);
  return performance.now() - started;
}

async function copyIn(
  container: Docker.Container,
  folder: string,
  files: Record<string, string>,
): Promise<void> {
  const pack = tar.pack();
  for (const [name, file] of Object.entries(files)) pack.entry({ name }, await readFile(file));
  pack.finalize();
  await container.putArchive(Readable.from(pack), { path: folder });
}
