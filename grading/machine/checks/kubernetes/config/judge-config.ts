import { performance } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import type { V1Container, V1Pod } from "@kubernetes/client-node";
import type { Part } from "../../kit/credit/share-credit.ts";
import type { CheckContext } from "../../kit/define-check.ts";
import { quoteOutput } from "../../kit/words/quote-output.ts";
import { isNotFound } from "../kit/api/api-error.ts";
import { execInPod } from "../kit/api/exec-in-pod.ts";
import { requestApi } from "../kit/api/request-api.ts";
import { watched } from "../kit/api/watched.ts";
import type { ConfigObjects } from "./config-objects.ts";
import { type ConfigKey, configKeyInWords, envSource, fileSource, isSameKey } from "./config-source.ts";

export const betweenLooksMs = 400;
const followSeconds = 15;

/** A container of a running pod. */
export interface RunningTarget {
  pod: V1Pod;
  container: V1Container;
  /** Such as “container app of Deployment stock”. */
  what: string;
}

/** Whether the running container has a variable with the value of a key, and gets it from there. */
export async function judgeEnv(
  context: CheckContext,
  target: RunningTarget,
  name: string,
  from: ConfigKey,
  objects: ConfigObjects,
): Promise<Part> {
  const { what, container } = target;
  const expected = `The environment variable ${name} of ${what} has the value of ${configKeyInWords(from)}`;
  const problem = (happened: string, fix: string): Part => ({ expected, problem: { happened, fix } });
  const value = objects.valueOf(from);
  if (value === null) return { expected, problem: objects.absence(from) };
  const ref = from.kind === "Secret" ? "secretKeyRef" : "configMapKeyRef";
  const fix = `Write env: [{name: ${name}, valueFrom: {${ref}: {name: ${from.object}, key: ${from.key}}}}].`;
  const source = envSource(container, name, (key) => isSameKey(key, from) || objects.valueOf(key) !== null);
  if (source.source === "none") return problem(`${capital(what)} has no variable ${name}.`, fix);
  if (source.source === "literal")
    return problem(
      `${capital(what)} has ${name} written into its own template, so the ${from.kind} plays no part in it.`,
      fix,
    );
  if (source.source === "other" || !isSameKey(source.from, from))
    return problem(
      `${capital(what)} gets ${name} from ${source.source === "other" ? "somewhere else" : configKeyInWords(source.from)}.`,
      fix,
    );
  const read = await readFrom(context, target, ["printenv", name]);
  if (read.outcome === "no-program") return { expected, problem: null };
  const seen = read.outcome === "text" ? read.text.replace(/\n$/, "") : "";
  if (seen === value.replace(/\n$/, "")) return { expected, problem: null };
  return problem(
    `In the running container ${name} is ${quoteOutput(seen)}, and the ${from.kind} has ${quoteOutput(value)}.`,
    "Variables are set when a container starts; roll the pods out again after a change of the value.",
  );
}

/** Whether a file in the running container has the text of a key, and comes from there. */
export async function judgeFile(
  context: CheckContext,
  target: RunningTarget,
  path: string,
  from: ConfigKey,
  objects: ConfigObjects,
): Promise<Part> {
  const { what, pod, container } = target;
  const expected = `The file ${path} in ${what} has the text of ${configKeyInWords(from)}`;
  const value = objects.valueOf(from);
  if (value === null) return { expected, problem: objects.absence(from) };
  const source = fileSource(pod, container, path);
  if (source.source !== "key" || !isSameKey(source.from, from))
    return {
      expected,
      problem: {
        happened:
          source.source === "none"
            ? `No volume of ${what} is mounted at ${path} or above it.`
            : `${path} in ${what} comes from ${source.source === "key" ? configKeyInWords(source.from) : `the volume ${source.volume}, which does not show that key there`}.`,
        fix: mountFix(path, from),
      },
    };
  // A file of a whole volume follows a change that came just before; one mounted by subPath never does.
  const read = source.subPath
    ? await readFrom(context, target, ["cat", path])
    : await readUntil(context, target, path, value);
  if (read.outcome === "no-program" || (read.outcome === "text" && read.text === value))
    return { expected, problem: null };
  return {
    expected,
    problem: {
      happened:
        read.outcome === "failed"
          ? `In the running container ${path} cannot be read: ${quoteOutput(read.words)}.`
          : `In the running container ${path} holds ${quoteOutput(read.text)}, and the ${from.kind} has ${quoteOutput(value)}.`,
      fix: source.subPath ? subPathFix : mountFix(path, from),
    },
  };
}

export const subPathFix =
  "Mount the whole volume in a folder of its own, without subPath: a file mounted by subPath never follows its ConfigMap or Secret.";

export function mountFix(path: string, { kind, object, key }: ConfigKey): string {
  const volume = kind === "Secret" ? `secret: {secretName: ${object}}` : `configMap: {name: ${object}}`;
  const folder = path.slice(0, path.lastIndexOf("/")) || "/";
  return `Add a volume with ${volume} and mount it at ${folder}; the key ${key} is then the file ${folder}/${key}.`;
}

export type ReadOutcome =
  | { outcome: "text"; text: string }
  /** The image has no program to read it with. */
  | { outcome: "no-program" }
  /** In the program's own words. */
  | { outcome: "failed"; words: string };

/** What a program in the container writes, such as cat. */
export async function readFrom(
  context: CheckContext,
  { pod, container }: RunningTarget,
  command: string[],
): Promise<ReadOutcome> {
  const at = {
    namespace: pod.metadata?.namespace ?? "",
    pod: pod.metadata?.name ?? "",
    container: container.name,
  };
  const ran = await execInPod(context.kubernetes().admin, at, command, context.signal);
  if (ran.outcome === "ended" && ran.exitCode === 0) return { outcome: "text", text: ran.stdout };
  // A program that is not in the image ends so too, depending on the runtime.
  if (ran.outcome === "not-started" || ran.exitCode === 126 || ran.exitCode === 127)
    return { outcome: "no-program" };
  return { outcome: "failed", words: `${ran.stdout}${ran.stderr}` };
}

/** Reads a file again and again until it holds a text or the time is over; gives what was read last. */
async function readUntil(context: CheckContext, target: RunningTarget, path: string, wanted: string) {
  const end = performance.now() + followSeconds * 1000;
  for (;;) {
    const read = await readFrom(context, target, ["cat", path]);
    if (read.outcome !== "text" || read.text === wanted || performance.now() > end) return read;
    await nudge(context, [target.pod]);
    await wait(betweenLooksMs, undefined, { signal: context.signal });
  }
}

/** A change of a pod makes its kubelet look at once; by itself it looks about once a minute. */
export async function nudge(context: CheckContext, pods: V1Pod[]): Promise<void> {
  const { admin } = context.kubernetes();
  for (const { metadata } of pods) {
    const { name = "", namespace = "" } = metadata ?? {};
    try {
      await requestApi(
        admin,
        {
          method: "PATCH",
          path: `${watched("Pod", namespace).path}/${name}`,
          contentType: "application/merge-patch+json",
          body: { metadata: { annotations: { "drydock/looked": String(performance.now()) } } },
        },
        context.signal,
      );
    } catch (error) {
      // Replaced meanwhile, which is told where the pods are compared.
      if (!isNotFound(error)) throw error;
    }
  }
}

const capital = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1);
