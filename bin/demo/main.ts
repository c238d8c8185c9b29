import { randomUUID } from "node:crypto";
import path from "node:path";
import { AppError } from "#course/errors.ts";
import { withSolutionFolder } from "#grading/exercises/lay-out-solution.ts";
import { type MachineKind, plainKinds } from "#grading/machines/machine-kind.ts";
import { systemClock } from "#infra/clock/clock.ts";
import { type Config, ConfigError, loadConfig } from "#infra/config/config.ts";
import { ensureEngine } from "#infra/machine/engine/ensure-engine.ts";
import { buildSite } from "../site/build-site.ts";
import { leftSentence } from "../site/machines-left.ts";
import { type Site, startSite } from "../site/start-site.ts";
import { undoAll } from "../site/undo-all.ts";
import { type DemoAccount, demoAccounts } from "./accounts.ts";
import { makeDemoCourse } from "./demo-course.ts";
import { fillCourse } from "./fill/fill-course.ts";
import { startLocalCloud } from "./local-cloud.ts";
import { showMachineImage } from "./machine-image.ts";
import { type DemoOptions, parseDemoOptions } from "./options.ts";
import { installationOf, prepareCourse } from "./prepare-course.ts";
import { createProgress, type Progress } from "./progress.ts";
import { type ReferenceWork, referenceWork } from "./reference-work.ts";
import { demoJson, demoReport, type RunAnswer, roadTimings, runAnswer, type Timings } from "./report.ts";
import { signIn } from "./student-client.ts";

const root = path.resolve(import.meta.dirname, "../..");

async function main(): Promise<number> {
  const options = parseDemoOptions(process.argv.slice(2));
  const started = performance.now();
  const progress = createProgress();
  const config = loadConfig();
  const undo: (() => Promise<void>)[] = [];
  const stop = catchSignals();
  const interrupted = untilAborted(stop);
  const work = await referenceWork(config.contentDir, options.exercise);
  // The worker has the first made itself.
  const machineKinds = [...new Set([...plainKinds().slice(0, 1), work.machineKind])];
  try {
    const preparing = prepareSite({ ...options, machineKinds }, config, progress, undo, stop);
    if ((await Promise.race([preparing, interrupted])) === "interrupted") {
      progress.say("\nInterrupted: the step under way is brought to an end, then all is stopped …");
      // What it still starts is stopped with the rest.
      await preparing.catch((error: unknown) => {
        if (!isAbort(error)) progress.say(sentenceOf(error));
      });
      return 130;
    }
    const { site, people } = await preparing;
    const setupMs = performance.now() - started;
    const student = people.find((person) => person.role === "student") as DemoAccount;
    const logDir = path.join(config.dataDir, "logs");
    const graded = await Promise.race([handIn(site, student, work, progress, logDir), interrupted]);
    if (graded === "interrupted") {
      progress.say("\nInterrupted: stopping. The run is kept: the next start goes on with it.");
      return 130;
    }
    const { answer, uploadMs } = graded;
    const timings: Timings = {
      setupMs: Math.round(setupMs),
      uploadMs: Math.round(uploadMs),
      ...roadTimings(answer),
      totalMs: Math.round(performance.now() - started),
    };
    for (const line of demoReport(answer, timings)) progress.say(line);
    if (!options.once) {
      for (const line of whereToLook(site, config, people)) progress.say(line);
      const end = await Promise.race([interrupted, site.failed]);
      if (end !== "interrupted")
        throw new AppError({ code: "site-part-ended", userMessage: `${end}. See ${logDir}.` });
    }
    progress.say("Stopping …");
    await undoAll(undo);
    if (options.json) process.stdout.write(`${demoJson(answer, timings)}\n`);
    return answer.run.state === "graded" ? 0 : 1;
  } finally {
    await undoAll(undo);
  }
}

/**
 * Aborted by the first Ctrl-C, SIGTERM or closed terminal. One Ctrl-C may come as several signals (the terminal's, and
 * those that npm and the launcher pass on), so further ones mean nothing: stopping takes seconds, and what a SIGKILL
 * leaves ends by itself.
 */
function catchSignals(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => controller.abort());
  return controller.signal;
}

function untilAborted(signal: AbortSignal): Promise<"interrupted"> {
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve("interrupted"), { once: true });
  });
}

/** Everything from a bare machine to a site that answers. Each thing started leaves its undo in `undo`. */
async function prepareSite(
  options: Pick<DemoOptions, "installEngine" | "provider" | "course"> & { machineKinds: MachineKind[] },
  config: Config,
  progress: Progress,
  undo: (() => Promise<void>)[],
  stop: AbortSignal,
): Promise<{ site: Site; people: DemoAccount[] }> {
  const step: Progress["step"] = (...args) => {
    if (stop.aborted) throw new AppError({ code: "interrupted", userMessage: "Not all was set up." });
    return progress.step(...args);
  };
  const engine = await step("Docker engine", (update) =>
    ensureEngine({ install: options.installEngine, onProgress: (p) => update(p.fraction, p.step) }),
  );
  undo.push(engine.stop);
  await step("Build of web, worker and agent", (update) => buildSite(root, (line) => update(null, line)));
  const { docker } = engine;
  const images = new Map<MachineKind, string>();
  for (const machineKind of options.machineKinds) {
    const { image } = await showMachineImage(progress, { docker, machineKind, signal: stop });
    images.set(machineKind, image);
  }
  const onCloud = options.provider === "ec2-local";
  const startedEngine = engine.started ? "the Docker engine that Drydock had started" : null;
  const endWith = onCloud ? "the local EC2" : startedEngine;
  let people: DemoAccount[] = [];
  const site = await step("Site", (update) =>
    startSite({
      root,
      config,
      // biome-ignore lint/style/noProcessEnv: handed on to web and worker as it is.
      env: process.env,
      onStep: (step) => update(null, step),
      say: (sentence) => progress.say(`\n${sentence}`),
      onLeft: (left) => progress.say(leftSentence(left, endWith)),
      prepare: async (databaseUrl) => {
        people = await demoAccounts(config.dataDir);
        const course = await makeDemoCourse({ ...config, now: systemClock() });
        await prepareCourse({ databaseUrl, config, course, people });
        if (options.course) {
          const onStep = (what: string) => update(null, what);
          await fillCourse({ databaseUrl, config, courseSlug: course.slug, onStep });
        }
        const pages = { DRYDOCK_CONTENT_DIR: course.contentDir };
        if (!onCloud) return pages;
        update(null, "Starting the local EC2");
        const cloud = await startLocalCloud({
          ...{ docker, config, images, installation: await installationOf(databaseUrl) },
          onProgress: (line) => update(null, line),
          onError: (error) => progress.say(`\nThe local EC2: ${sentenceOf(error)}`),
        });
        undo.push(cloud.close);
        progress.say(
          "\nMachines are instances of an EC2 that runs on this computer; its prices are made up.",
        );
        return { ...pages, ...cloud.env };
      },
    }),
  );
  undo.push(site.stop);
  return { site, people };
}

/** As a student: hands the reference solution in over HTTP and follows the run to its end and its machine's. */
async function handIn(
  site: Site,
  student: DemoAccount,
  work: ReferenceWork,
  progress: Progress,
  logDir: string,
): Promise<{ answer: RunAnswer; uploadMs: number }> {
  const client = await signIn(site.baseUrl, student.email, student.password);
  const started = performance.now();
  const submitted = await withSolutionFolder(work.solution, (folder) =>
    client.submit(work.exercise, folder, randomUUID()),
  );
  const uploadMs = performance.now() - started;
  progress.say(`\nHanded in as ${student.name}: ${site.baseUrl}/runs/${submitted.runId}\n`);
  const graded = async () => {
    await client.follow(submitted.runId, (type, data) => {
      const line = eventLine(type, data);
      if (line !== null) progress.say(line);
    });
    return untilMachineEnded(() => client.run(submitted.runId));
  };
  const gone = site.failed.then((how) => {
    throw new AppError({
      code: "site-part-ended",
      userMessage: `${how} while grading. The run is kept: the next start goes on with it. See ${logDir}.`,
    });
  });
  return { answer: await Promise.race([graded(), gone]), uploadMs };
}

/** The run is final a moment before its machine is gone and its cost is written. */
async function untilMachineEnded(read: () => Promise<unknown>): Promise<RunAnswer> {
  for (let tries = 0; ; tries += 1) {
    const answer = runAnswer.parse(await read());
    if (!answer.machine || answer.machine.state === "terminated" || tries >= 150) return answer;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

function eventLine(type: string, data: unknown): string | null {
  const event = (data ?? {}) as Record<string, unknown>;
  if (type === "log") return `  │ ${event.line}`;
  if (type === "check-started") return `▸ ${event.title}`;
  if (type === "check-finished") {
    const mark = event.verdict === "passed" ? "✓" : event.verdict === "failed" ? "✗" : "–";
    return `${mark} ${event.title}  ${event.points} / ${event.maxPoints}`;
  }
  if (type === "state") return `• ${event.state}${event.detail ? `: ${event.detail}` : ""}`;
  return null;
}

function whereToLook(site: Site, config: Config, people: DemoAccount[]): string[] {
  const moved = site.baseUrl === config.baseUrl ? [] : [`Port ${config.port} is taken by another program.`];
  return [
    "",
    ...moved,
    `Drydock is running at ${site.baseUrl}  (Ctrl-C stops it)`,
    ...people.map((person) => `  ${person.role.padEnd(10)}  ${person.email.padEnd(24)}  ${person.password}`),
  ];
}

/** Of a step that was ended because we asked it to. */
function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}

function sentenceOf(error: unknown): string {
  if (error instanceof AppError) return error.userMessage;
  if (error instanceof ConfigError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`\n${sentenceOf(error)}\n`);
    process.exit(1);
  },
);
