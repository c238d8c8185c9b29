import { createWriteStream } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import yazl from "yazl";
import { withSolutionFolder } from "#grading/exercises/lay-out-solution.ts";
import { systemClock } from "#infra/clock/clock.ts";
import { listMachines } from "#infra/compute/docker/list-machines.ts";
import { ensureEngine } from "#infra/machine/engine/ensure-engine.ts";
import { ensureMachineImage } from "#infra/machine/ensure-image.ts";
import { fileOf, referenceSolution } from "#tests/fixtures/reference-solution.ts";
import { type CliResult, dockerExercise, runCli, temporaryFolder } from "./run-cli.ts";

/** Machines of these tests alone: the command line knows its own by what it keeps here. */
const env: Record<string, string> = {};

let engine: Awaited<ReturnType<typeof ensureEngine>>;
beforeAll(async () => {
  env.DRYDOCK_CACHE_DIR = await mkdtemp(path.join(os.tmpdir(), "drydock-cli-cache-"));
  engine = await ensureEngine({ install: false, onProgress: () => {} });
  await ensureMachineImage({ docker: engine.docker, machineKind: "engine", onProgress: () => {} });
}, 1_800_000);
afterAll(() => rm(env.DRYDOCK_CACHE_DIR ?? "", { recursive: true, force: true }));

const machinesLeft = async () => {
  const installation = await readFile(path.join(env.DRYDOCK_CACHE_DIR ?? "", "installation"), "utf8");
  return listMachines(engine.docker, installation, systemClock());
};

async function skeleton(): Promise<string> {
  const dir = path.join(await temporaryFolder(), "hello");
  await runCli(["exercise", "new", dir]);
  return dir;
}

async function zipOf(file: string): Promise<string> {
  const zip = new yazl.ZipFile();
  zip.addFile(file, path.basename(file));
  zip.end();
  const archive = path.join(await temporaryFolder(), "work.zip");
  await pipeline(zip.outputStream, createWriteStream(archive));
  return archive;
}

describe("drydock grade", () => {
  it("grades the reference solution of tutorial 7 to full marks, as the JSON that scripts read", async () => {
    const solution = await referenceSolution(dockerExercise, "python");
    const graded = await withSolutionFolder(solution, (work) =>
      runCli(["grade", dockerExercise, work, "--json"], { env }),
    );
    expect(graded.code).toBe(0);
    const json = JSON.parse(graded.stdout);
    expect(Object.keys(json)).toEqual(["state", "score", "maxScore", "checks", "machine"]);
    expect(json).toMatchObject({ state: "graded", score: 100, maxScore: 100 });
    expect(json.checks).toHaveLength(14);
    expect(json.checks[2]).toMatchObject({
      id: "build",
      kind: "docker/build",
      verdict: "passed",
      fault: null,
    });
    expect(Object.keys(json.checks[2])).toEqual([
      "id",
      "kind",
      "verdict",
      "fault",
      "points",
      "maxPoints",
      "message",
    ]);
    expect(json.machine.seconds).toBeGreaterThan(0);
    expect(await machinesLeft()).toEqual([]);
  }, 300_000);

  it("ends with 0 for a failing archive too, and says what is wrong and how to fix it", async () => {
    const exercise = await skeleton();
    const archive = await zipOf(fileOf(await referenceSolution(exercise, "says-nothing"), "Dockerfile"));
    const graded = await runCli(["grade", exercise, archive], { env });
    expect(graded.code).toBe(0);
    expect(graded.stderr).toContain("✓ passed The image builds 4/4");
    expect(graded.stderr).toContain("✗ failed The container prints hello 0/6");
    expect(graded.stdout).toMatch(/✓ {2}build +passed +4\/4/);
    expect(graded.stdout).toMatch(/✗ {2}hello +failed +0\/6/);
    expect(graded.stdout).toMatch(/expected {2}.*\n {2}happened {2}.*/);
    expect(graded.stdout).toContain("4 of 10 points");
  }, 300_000);

  it("terminates the machine before it ends when it is interrupted", async () => {
    const ended = await gradeUntilReached((interrupt) => interrupt());
    expect(ended).toMatchObject({ code: 130, stdout: "" });
    expect(ended.stderr).toContain("Interrupted: ending the machine");
    expect(await machinesLeft()).toEqual([]);
  }, 300_000);

  it("ends with 3 and says so when the machine dies under the run", async () => {
    const ended = await gradeUntilReached(async () => {
      for (const { instanceId } of await machinesLeft()) {
        await engine.docker.getContainer(instanceId).kill();
      }
    });
    expect(ended.code).toBe(3);
    expect(JSON.parse(ended.stdout)).toMatchObject({ state: "not_gradable", score: null, checks: [] });
    expect(ended.stderr).toContain("Not gradable: The machine ended before it reported a result.");
    expect(await machinesLeft()).toEqual([]);
  }, 300_000);
});

/** Grades a build that says "reached" and would then take for ever; calls `act` once it has said so. */
async function gradeUntilReached(act: (interrupt: () => void) => void | Promise<void>): Promise<CliResult> {
  const exercise = await skeleton();
  const dockerfile = path.join(await temporaryFolder(), "Dockerfile");
  await writeFile(dockerfile, "FROM busybox:1.37\nRUN echo is reached && sleep 1000\n");
  const work = await zipOf(dockerfile);
  let acting: void | Promise<void> | null = null;
  const ended = await runCli(["grade", exercise, work, "--json"], {
    env,
    onStderr: (sofar, interrupt) => {
      if (acting === null && /^ +#\d+ [\d.]+ is reached$/m.test(sofar)) acting = act(interrupt);
    },
  });
  expect(acting, `the build never spoke: ${ended.stderr}`).not.toBeNull();
  await acting;
  return ended;
}

describe("drydock exercise test", () => {
  it("passes the skeleton that exercise new made", async () => {
    const tested = await runCli(["exercise", "test", await skeleton()], { env });
    expect(tested.code).toBe(0);
    expect(tested.stdout).toContain("All 2 solutions score as stated.");
  }, 300_000);

  it("fails a solution that does not score as it states, and says where it lost points", async () => {
    const exercise = await skeleton();
    const expectation = path.join(exercise, "solutions/says-nothing/expect.yaml");
    await writeFile(expectation, (await readFile(expectation, "utf8")).replace("score: 4", "score: 10"));
    const tested = await runCli(["exercise", "test", exercise, "--only", "says-nothing", "--json"], { env });
    expect(tested.code).toBe(1);
    expect(JSON.parse(tested.stdout).solutions).toMatchObject([
      {
        name: "says-nothing",
        expectedScore: 10,
        scores: [4],
        problems: ["scored 4 and states 10; it lost points at hello (0 of 6)"],
      },
    ]);
  }, 300_000);

  it("grades every solution as often as asked", async () => {
    const args = ["exercise", "test", await skeleton(), "--only", "right", "--repeat", "2", "--json"];
    const tested = await runCli(args, { env });
    expect(tested.code).toBe(0);
    expect(JSON.parse(tested.stdout).solutions).toMatchObject([
      { scores: [10, 10], flaky: [], problems: [] },
    ]);
    expect(await machinesLeft()).toEqual([]);
  }, 300_000);
});
