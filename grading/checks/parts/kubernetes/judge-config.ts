import type { V1Container, V1Pod } from "@kubernetes/client-node";
import type { CheckContext } from "../../define-check.ts";
import { quoteOutput } from "../quote-output.ts";
import type { Part } from "../share-credit.ts";
import type { ConfigObjects } from "./config-objects.ts";
import { type ConfigKey, configKeyInWords, envSource, fileSource, isSameKey } from "./config-source.ts";
import { execInPod } from "./exec-in-pod.ts";

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
  const seen = await readFrom(context, target, ["printenv", name]);
  if (seen === null || seen.replace(/\n$/, "") === value.replace(/\n$/, ""))
    return { expected, problem: null };
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
  const seen = await readFrom(context, target, ["cat", path]);
  if (seen === null || seen === value) return { expected, problem: null };
  return {
    expected,
    problem: {
      happened: `In the running container ${path} holds ${quoteOutput(seen)}, and the ${from.kind} has ${quoteOutput(value)}.`,
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

/** What a program in the container writes; null when the image has no such program. Fails on any other end. */
export async function readFrom(
  context: CheckContext,
  { pod, container }: RunningTarget,
  command: string[],
): Promise<string | null> {
  const at = {
    namespace: pod.metadata?.namespace ?? "",
    pod: pod.metadata?.name ?? "",
    container: container.name,
  };
  const ran = await execInPod(context.kubernetes().admin, at, command, context.signal);
  if (ran.outcome === "ended" && ran.exitCode === 0) return ran.stdout;
  context.staff(`${command.join(" ")} in ${at.pod}: ${JSON.stringify(ran)}`);
  // A program that is not in the image ends so too, depending on the runtime.
  if (ran.outcome === "not-started" || ran.exitCode === 126 || ran.exitCode === 127) return null;
  return `${ran.stdout}${ran.stderr}`;
}

const capital = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1);
