import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { z } from "zod";
import { ContainerNotStarted } from "../../kit/container/blame-start.ts";
import { builtImage } from "../../kit/container/built-image.ts";
import { exitInWords, fixForExit } from "../../kit/container/exit-in-words.ts";
import { notStarted } from "../../kit/container/not-started.ts";
import { withContainer } from "../../kit/container/start-container.ts";
import type { CheckContext, CheckVerdict, CommandResult, ContainerExit } from "../../kit/define-check.ts";
import { programWrote } from "../../kit/shown/shown.ts";
import { matchInWords, textMatches } from "../../kit/words/match-text.ts";
import { outputInWords, quoteOutput } from "../../kit/words/quote-output.ts";
import type { ScriptSettings } from "./script-settings.ts";

/** Runs the command or hidden script in a sandbox: the submission and the script are there, read-only. */
export async function runInContainer(context: CheckContext, settings: ScriptSettings): Promise<CheckVerdict> {
  const { sandbox, input, seconds } = settings;
  const image = settings.image ?? builtImage(context, settings.build);
  const mounts: [string, string][] = [[context.submissionDir, "/submission"]];
  for (const file of [...(settings.script === undefined ? [] : [settings.script]), ...settings.files])
    mounts.push([path.join(context.hiddenDir, file), `/check/${path.posix.basename(file)}`]);
  const command =
    settings.script === undefined
      ? (settings.command ?? [])
      : [...(await startOf(context, settings.script)), ...settings.args];
  // What a hidden file writes, or what is fed to one, is not for everybody to see.
  const isTheirs = settings.script === undefined && settings.files.length === 0;
  const excerpt = isTheirs ? context.shown.excerpt(programWrote) : undefined;
  try {
    // The command is the whole entry point: what the image would run has no part in it.
    const exit = await withContainer(
      context,
      sandbox,
      { image, entrypoint: command.slice(0, 1), args: command.slice(1), mounts, input, excerpt },
      (running) => running.exit(seconds),
    );
    context.staff(exit.output);
    return judge(settings, exit, exitInWords(exit, seconds, sandbox), fixForExit(exit, sandbox));
  } catch (error) {
    if (error instanceof ContainerNotStarted) return notStarted(error, expectedOf(settings));
    throw error;
  }
}

/** How a script is started in a container: by its own first line, or by sh when it has none. */
async function startOf(context: CheckContext, script: string): Promise<string[]> {
  const file = path.join(context.hiddenDir, script);
  const inside = `/check/${path.posix.basename(script)}`;
  if (!(await readFile(file)).subarray(0, 2).equals(Buffer.from("#!"))) return ["sh", inside];
  await chmod(file, 0o755);
  return [inside];
}

const scriptResult = z.object({
  share: z.number().min(0).max(1),
  expected: z.string(),
  happened: z.string(),
  fix: z.string().default(""),
});

/** Runs a trusted hidden script beside the engine. */
export async function runInMachine(context: CheckContext, settings: ScriptSettings): Promise<CheckVerdict> {
  const script = path.join(context.hiddenDir, settings.script ?? "");
  const own = await mkdtemp(path.join(os.tmpdir(), "script-"));
  const resultFile = path.join(own, "result.json");
  try {
    const shebang = (await readFile(script)).subarray(0, 2).equals(Buffer.from("#!"));
    if (shebang) await chmod(script, 0o755);
    const result = await context.run([...(shebang ? [] : ["bash"]), script, ...settings.args], {
      cwd: own,
      env: {
        DRYDOCK_SUBMISSION: context.submissionDir,
        DRYDOCK_HIDDEN: context.hiddenDir,
        DRYDOCK_IMAGE:
          context.builtImages.get(settings.build ?? "") ?? [...context.builtImages.values()][0] ?? "",
        DRYDOCK_SANDBOX: `${sandboxFlags(settings.sandbox)} --label ${scriptLabel}=${context.checkId}`,
        DRYDOCK_RESULT: resultFile,
        ...settings.sandbox.env,
      },
      timeoutSeconds: settings.seconds,
      ...(settings.input === undefined ? {} : { input: settings.input }),
    });
    context.staff(`${result.stdout}\n${result.stderr}`);
    if (settings.result) return await judgeResult(context, resultFile, settings, result);
    const exit = {
      exitCode: result.exitCode ?? 137,
      timedOut: result.ended === "timed-out",
      flooded: result.ended === "output-flood",
      oomKilled: false,
      forksRefused: false,
      output: `${result.stdout}${result.stderr}`,
      outputCut: false,
    };
    return judge(settings, exit, exitInWords(exit, settings.seconds, settings.sandbox), null);
  } finally {
    await removeContainers(context);
    await rm(own, { recursive: true, force: true });
  }
}

/** By which the containers that a script started are found again. */
const scriptLabel = "drydock.script";

/** A script that was ended leaves its containers running, for they are the engine's children and not its own. */
async function removeContainers({ docker, checkId }: CheckContext): Promise<void> {
  const filters = JSON.stringify({ label: [`${scriptLabel}=${checkId}`] });
  for (const { Id } of await docker.listContainers({ all: true, filters })) {
    try {
      await docker.getContainer(Id).remove({ force: true, v: true });
    } catch (error) {
      // 404: gone by itself; 409: its own --rm is taking it away.
      const { statusCode } = error as { statusCode?: number };
      if (statusCode !== 404 && statusCode !== 409) throw error;
    }
  }
}

/** For docker run in a script: the same sandbox as the other checks'. */
const sandboxFlags = (sandbox: ScriptSettings["sandbox"]) =>
  [
    "--rm --network none --cap-drop ALL --security-opt no-new-privileges --ipc none --init --log-driver none",
    `--memory ${sandbox.memoryMiB}m --memory-swap ${sandbox.memoryMiB}m --cpus ${sandbox.cpus} --pids-limit ${sandbox.pids}`,
    `--ulimit nofile=1024:1024 --ulimit core=0 --tmpfs /tmp:rw,noexec,nosuid,nodev,size=${sandbox.tmpfsMiB}m`,
    sandbox.writable ? "" : "--read-only",
    sandbox.user ? `--user ${sandbox.user}` : "",
  ]
    .join(" ")
    .trim();

async function judgeResult(
  context: CheckContext,
  file: string,
  { seconds }: ScriptSettings,
  { ended, exitCode }: CommandResult,
): Promise<CheckVerdict> {
  let said: z.output<typeof scriptResult>;
  try {
    said = scriptResult.parse(JSON.parse(await readFile(file, "utf8")));
  } catch (error) {
    context.staff(`no usable result: ${String(error)}`);
    const how =
      ended === "timed-out" ? `was still running after ${seconds} s` : `ended with exit status ${exitCode}`;
    return {
      verdict: "not_graded",
      fault: "exercise",
      message: {
        expected: "The exercise's script says how many points are due.",
        happened: `It ${how} and left no result that can be used.`,
        fix: "Nothing to fix on your side; staff are told.",
      },
    };
  }
  const { share, ...message } = said;
  return share === 1
    ? { verdict: "passed", message }
    : { verdict: "failed", message, points: share * context.maxPoints };
}

const expectedOf = (settings: ScriptSettings) => {
  if (settings.expected) return settings.expected;
  const what =
    settings.script === undefined ? (settings.command ?? []).join(" ") : path.posix.basename(settings.script);
  const status = settings.exitCode === "any" ? "ends" : `ends with exit status ${settings.exitCode}`;
  return `${what} ${status} within ${settings.seconds} s${settings.output ? ` and writes ${matchInWords(settings.output)}` : ""}.`;
};

function judge(
  settings: ScriptSettings,
  exit: ContainerExit,
  ended: string,
  fixByExit: string | null,
): CheckVerdict {
  const expected = expectedOf(settings);
  const wrongStatus = settings.exitCode !== "any" && exit.exitCode !== settings.exitCode;
  const fix = settings.fix ?? fixByExit ?? "Read its last lines and correct what they name.";
  if (exit.timedOut || exit.flooded || exit.oomKilled || wrongStatus)
    return {
      verdict: "failed",
      message: { expected, happened: `${ended} ${outputInWords(exit.output)}`, fix },
    };
  if (settings.output && !textMatches(settings.output, exit.output))
    return {
      verdict: "failed",
      message: { expected, happened: `${ended} It wrote ${quoteOutput(exit.output)}.`, fix },
    };
  return {
    verdict: "passed",
    message: { expected, happened: `${ended} ${outputInWords(exit.output)}`, fix: "" },
  };
}
