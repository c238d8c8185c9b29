import { performance } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import type { V1Pod } from "@kubernetes/client-node";
import type { Part } from "../../kit/credit/share-credit.ts";
import type { CheckContext } from "../../kit/define-check.ts";
import type { TextMatch } from "../../kit/settings/settings.ts";
import { noteRequests, type RequestNotes } from "../../kit/shown/request-notes.ts";
import { matchInWords, textMatches } from "../../kit/words/match-text.ts";
import { quoteOutput } from "../../kit/words/quote-output.ts";
import { apiRefusal, isNotFound } from "../kit/api/api-error.ts";
import { createClients } from "../kit/api/clients.ts";
import { outcomeInWords, sendRequest } from "../kit/api/send-request.ts";
import { type ConfigObjects, writeConfigKey } from "./config-objects.ts";
import { type ConfigKey, configKeyInWords, fileSource, isSameKey } from "./config-source.ts";
import { betweenLooksMs, mountFix, nudge, type RunningTarget, readFrom, subPathFix } from "./judge-config.ts";

export interface ConfigUpdate extends ConfigKey {
  value: string;
  seconds: number;
  /** In the container, to hold the new value. */
  file?: string | undefined;
  /** To tell of the new value. */
  answer?: { service: string; port: number; path: string; text: TextMatch } | undefined;
}

const answerMs = 3000;
const backSeconds = 8;
const cleanUpMs = 12_000;

/**
 * Changes a key while the pods run, waits for the file or the answer to follow, and puts the old value back. The pods
 * must be the same ones all the time, with no restart.
 */
export async function judgeConfigUpdate(
  context: CheckContext,
  target: RunningTarget,
  pods: V1Pod[],
  update: ConfigUpdate,
  objects: ConfigObjects,
): Promise<Part> {
  const expected = `After ${configKeyInWords(update)} changes, ${seenInWords(update)} within ${update.seconds} s, without a restart`;
  const before = objects.valueOf(update);
  if (before === null) return { expected, problem: objects.absence(update) };
  const namespace = target.pod.metadata?.namespace ?? "";
  try {
    await writeConfigKey(context, namespace, update, update.value);
  } catch (error) {
    const refusal = apiRefusal(error);
    if (refusal?.code !== 422) throw error;
    return {
      expected,
      problem: {
        happened: `${update.kind} ${update.object} cannot be changed: the API server said ${quoteOutput(refusal.message)}.`,
        fix: `Remove immutable: true from ${update.kind} ${update.object}.`,
      },
    };
  }
  try {
    await nudge(context, pods);
    const problem =
      (await lookUntilSeen(context, target, update)) ?? (await restartsOf(context, target, pods));
    return { expected, problem };
  } finally {
    // Whatever the outcome, and after the check's own time too: checks after this one see what was handed in.
    const cleanUp = { ...context, signal: AbortSignal.timeout(cleanUpMs) };
    await writeConfigKey(cleanUp, namespace, update, before);
    await nudge(cleanUp, pods);
    await awaitOldAnswer(cleanUp, target, update);
  }
}

/** The program answers as before when the check ends, if it followed at all, so that no later check sees the change. */
async function awaitOldAnswer(context: CheckContext, target: RunningTarget, update: ConfigUpdate) {
  if (!update.answer || !isMounted(target, update)) return;
  const end = performance.now() + backSeconds * 1000;
  while (performance.now() < end && (await lookAtAnswer(context, target, update)) === null)
    await wait(betweenLooksMs, undefined, { signal: context.signal });
}

function seenInWords({ file, answer }: ConfigUpdate): string {
  const seen: string[] = [];
  if (file !== undefined) seen.push(`the file ${file} follows`);
  if (answer)
    seen.push(`Service ${answer.service} answers GET ${answer.path} with ${matchInWords(answer.text)}`);
  return seen.join(" and ");
}

/** null once all that is asked for is seen; else what was seen last. */
async function lookUntilSeen(
  context: CheckContext,
  target: RunningTarget,
  update: ConfigUpdate,
): Promise<Part["problem"]> {
  const end = performance.now() + update.seconds * 1000;
  const tried = update.answer ? noteRequests(context) : undefined;
  for (;;) {
    const problem =
      (await lookAtFile(context, target, update)) ?? (await lookAtAnswer(context, target, update, tried));
    if (problem === null || performance.now() > end) return problem;
    await wait(betweenLooksMs, undefined, { signal: context.signal });
  }
}

async function lookAtFile(
  context: CheckContext,
  target: RunningTarget,
  update: ConfigUpdate,
): Promise<Part["problem"]> {
  const { file, value, seconds } = update;
  if (file === undefined) return null;
  const read = await readFrom(context, target, ["cat", file]);
  if (read.outcome === "text" && read.text === value) return null;
  if (read.outcome === "no-program")
    return {
      happened: `${file} cannot be read in ${target.what}: its image has no program cat.`,
      fix: "Use an image with the usual small programs.",
    };
  const source = fileSource(target.pod, target.container, file);
  const isFromKey = source.source === "key" && isSameKey(source.from, update);
  const why =
    isFromKey && source.subPath
      ? " It is mounted with subPath, and the kubelet never brings such a file up to date."
      : isFromKey
        ? ""
        : ` It does not come from ${configKeyInWords(update)}.`;
  return {
    happened: `${seconds} s after the change, ${file} in ${target.what} ${read.outcome === "text" ? `still holds ${quoteOutput(read.text)}` : `cannot be read: ${quoteOutput(read.words)}`}.${why}`,
    fix: isFromKey && source.subPath ? subPathFix : mountFix(file, update),
  };
}

async function lookAtAnswer(
  context: CheckContext,
  target: RunningTarget,
  update: ConfigUpdate,
  tried?: RequestNotes,
): Promise<Part["problem"]> {
  const { answer, seconds } = update;
  if (!answer) return null;
  const host = await addressOf(context, target.pod.metadata?.namespace ?? "", answer.service);
  if (host === null)
    return {
      happened: `There is no Service ${answer.service} with a cluster address.`,
      fix: `Hand in a Service named ${answer.service}.`,
    };
  const name = `GET ${answer.path} of Service ${answer.service}`;
  const sent = await sendRequest({ host, port: answer.port, path: answer.path }, answerMs, context.signal);
  tried?.note(name, outcomeInWords(sent));
  if (sent.outcome === "lost")
    return {
      happened: `${seconds} s after the change, ${name} on port ${answer.port} had no answer: ${sent.detail}.`,
      fix: "Keep the program answering while its settings change.",
    };
  if (textMatches(answer.text, sent.answer.body)) return null;
  return {
    happened: `${seconds} s after the change, ${name} was still answered with ${quoteOutput(sent.answer.body)}. ${whyNot(target, update)}`,
    fix: isMounted(target, update)
      ? "Read the file when a request comes, or watch it, instead of once when the program starts."
      : `Mount ${update.kind} ${update.object} as files (volumes, volumeMounts, no subPath), and read the file when a request comes.`,
  };
}

function whyNot(target: RunningTarget, update: ConfigUpdate): string {
  if (isMounted(target, update))
    return "The file in the pod follows the change, so the program has read it only once.";
  return `${update.kind} ${update.object} is not mounted as files in ${target.what}: variables are set when a container starts and never follow, and neither does a file mounted by subPath.`;
}

function isMounted({ pod, container }: RunningTarget, update: ConfigUpdate): boolean {
  return (container.volumeMounts ?? []).some(({ name, subPath, subPathExpr }) => {
    if (subPath !== undefined || subPathExpr !== undefined) return false;
    const volume = pod.spec?.volumes?.find((each) => each.name === name);
    const names =
      update.kind === "Secret"
        ? [volume?.secret?.secretName, ...(volume?.projected?.sources ?? []).map((each) => each.secret?.name)]
        : [
            volume?.configMap?.name,
            ...(volume?.projected?.sources ?? []).map((each) => each.configMap?.name),
          ];
    return names.includes(update.object);
  });
}

async function addressOf(context: CheckContext, namespace: string, name: string): Promise<string | null> {
  const { core } = createClients(context.kubernetes().admin, context.signal);
  try {
    const { spec } = await core.readNamespacedService({ name, namespace });
    return spec?.clusterIP && spec.clusterIP !== "None" ? spec.clusterIP : null;
  } catch (error) {
    if (!isNotFound(error)) throw error;
    return null;
  }
}

/** A pod that was replaced or restarted meanwhile has followed by starting again, which was not asked for. */
async function restartsOf(
  context: CheckContext,
  target: RunningTarget,
  pods: V1Pod[],
): Promise<Part["problem"]> {
  const { core } = createClients(context.kubernetes().admin, context.signal);
  for (const { metadata, status } of pods) {
    const { name = "", namespace = "", uid } = metadata ?? {};
    const restarts = (pod: V1Pod["status"]) =>
      (pod?.containerStatuses ?? []).reduce((sum, each) => sum + each.restartCount, 0);
    let now: V1Pod | null = null;
    try {
      now = await core.readNamespacedPod({ name, namespace });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
    if (now?.metadata?.uid === uid && restarts(now?.status) === restarts(status)) continue;
    return {
      happened: `Pod ${name} of ${target.what} was restarted or replaced meanwhile.`,
      fix: "Let the running program read its changed settings; it must not end for that.",
    };
  }
  return null;
}
