import type { V1Container, V1ContainerStatus, V1Pod } from "@kubernetes/client-node";
import { RE2JS, re } from "re2js";
import { meaningOfStatus } from "../../../kit/container/exit-in-words.ts";
import { lastLineInWords, quoteOutput } from "../../../kit/words/quote-output.ts";
import type { Trouble } from "../api/trouble.ts";
import { commandInWords } from "./command-in-words.ts";
import { imagesLike, plainImageName } from "./image-names.ts";
import type { PodFacts } from "./pod-facts.ts";

/** One container of a pod with what the kubelet says about it. */
export interface ContainerFacts {
  facts: PodFacts;
  spec: V1Container;
  status: V1ContainerStatus;
  /** Names it in a sentence, such as “Container web of pod web-5d9”. */
  what: string;
}

/** Containers of a pod in the order in which they start, those that have no status yet left out. */
export function containersOf(facts: PodFacts): ContainerFacts[] {
  const { pod } = facts;
  const all = [
    ...(pod.spec?.initContainers ?? []).map((spec) => ({ spec, word: "Init container" })),
    ...(pod.spec?.containers ?? []).map((spec) => ({ spec, word: "Container" })),
  ];
  const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
  return all.flatMap(({ spec, word }) => {
    const status = statuses.find((each) => each.name === spec.name);
    return status ? [{ facts, spec, status, what: `${word} ${spec.name} of pod ${pod.metadata?.name}` }] : [];
  });
}

/** Why a container does not run or keeps ending; null when it runs, or has ended as it should. */
export function explainContainer(container: ContainerFacts): Trouble | null {
  const { state, lastState, ready } = container.status;
  const waiting = state?.waiting;
  if (waiting?.reason && imageReasons.has(waiting.reason)) return explainImage(container);
  if (waiting?.reason === "CreateContainerConfigError")
    return explainConfig(container.what, waiting.message ?? "");
  if (waiting?.reason && startReasons.has(waiting.reason))
    return explainStart(container, waiting.message ?? "");
  const ended = state?.terminated ?? (ready ? undefined : lastState?.terminated);
  if (!ended || (state?.terminated && isMeantToEnd(container) && ended.exitCode === 0)) return null;
  if (ended.reason === "StartError" || ended.reason === "ContainerCannotRun")
    return explainStart(container, ended.message ?? "");
  return explainEnd(container, ended.exitCode, ended.reason ?? "");
}

/** How a container that runs just now ended the last time, when it has been started again; null when it has not. */
export function explainRestart(container: ContainerFacts): Trouble | null {
  const { lastState, restartCount } = container.status;
  const ended = lastState?.terminated;
  if (!ended || restartCount === 0) return null;
  return explainEnd(container, ended.exitCode, ended.reason ?? "");
}

/** Of a pod whose liveness or startup probe ends a program that may well be healthy; null when none does. */
export const explainKilling = (facts: PodFacts): Trouble | null =>
  containersOf(facts)
    .map(({ spec }) => killedByProbe(facts.pod, spec, facts))
    .find((trouble) => trouble !== null) ?? null;

/** What the kubelet says when it does so. */
export const killingWords = /failed (liveness|startup) probe, will be restarted/;

const imageReasons = new Set([
  "ErrImagePull",
  "ImagePullBackOff",
  "ErrImageNeverPull",
  "InvalidImageName",
  "ImageInspectError",
  "RegistryUnavailable",
]);
const startReasons = new Set(["CreateContainerError", "RunContainerError", "PostStartHookError"]);

/** Init containers that are no sidecars, and containers of pods that are not always restarted. */
function isMeantToEnd({ facts, spec }: ContainerFacts): boolean {
  const isInit = facts.pod.spec?.initContainers?.some((each) => each.name === spec.name) ?? false;
  return isInit ? spec.restartPolicy !== "Always" : (facts.pod.spec?.restartPolicy ?? "Always") !== "Always";
}

function explainImage({ facts, spec, status, what }: ContainerFacts): Trouble {
  const image = spec.image ?? status.image;
  const waiting = status.state?.waiting;
  const trouble = (happened: string, fix: string): Trouble => ({ cause: "image", happened, fix });
  if (waiting?.reason === "InvalidImageName")
    return trouble(
      `${what} cannot start: “${image}” is no name of an image. ${quoteOutput(waiting.message ?? "")}.`,
      "Write the image as repository:tag in lower case, such as nginx:1.29.",
    );
  if (facts.images.map(plainImageName).includes(plainImageName(image)) && spec.imagePullPolicy === "Always")
    return trouble(
      `${what} cannot start: its image ${image} is on the nodes, but imagePullPolicy is Always, and there is no registry to pull from.`,
      "Set imagePullPolicy: IfNotPresent; a tag other than latest has that by itself.",
    );
  const there = imagesLike(image, facts.images).join(", ");
  return trouble(
    `${what} cannot start: its image ${image} cannot be pulled (${waiting?.reason}). Pods start from images that the cluster has; there is no internet.`,
    there
      ? `Correct the image's name and tag. The cluster has ${there}.`
      : "Correct the image's name and tag to one that the exercise names.",
  );
}

const namesOfPod = re` \(pod: "[^"]*", container: [^)]*\)`;
const missingSource = re(RE2JS.CASE_INSENSITIVE)`(configmap|secret) "([^"]+)" not found`;

/** A ConfigMap, Secret or key that is not there, or a user that may not be. */
export function explainConfig(what: string, words: string): Trouble {
  // What names the pod is told already.
  const said = `${what} cannot start: the kubelet says ${quoteOutput(namesOfPod.matcher(words).replaceFirst(""))}.`;
  const trouble = (fix: string): Trouble => ({ cause: "config", happened: said, fix });
  const missing = missingSource.exec(words);
  if (missing) {
    const kind = missing[1]?.toLowerCase() === "secret" ? "Secret" : "ConfigMap";
    return trouble(
      `Hand in a ${kind} named ${missing[2]} in the same namespace, or correct its name in the pod.`,
    );
  }
  if (/couldn't find key|non-existent config key|references non-existent/.test(words))
    return trouble("Add that key to the ConfigMap or Secret, or correct the key in the pod (key, items).");
  if (/runAsNonRoot and image will run as root/.test(words))
    return trouble(
      "The image's user is root, and runAsNonRoot forbids that. Set runAsUser to a number other than 0, or build the image with USER.",
    );
  if (/runAsNonRoot and image has non-numeric user/.test(words))
    return trouble("Set runAsUser to the user's number, or write the number in the image's USER.");
  return trouble("Correct what these words name in the pod's template.");
}

function explainStart({ spec, what }: ContainerFacts, words: string): Trouble {
  const said = `${what} cannot be started: ${quoteOutput(words)}.`;
  const command = commandInWords([...(spec.command ?? []), ...(spec.args ?? [])]);
  if (/executable file not found|no such file or directory|permission denied/i.test(words))
    return {
      cause: "command",
      happened: said,
      fix: command
        ? `Correct command and args (“${command}”): the program must be in the image and executable. command replaces the image's ENTRYPOINT, args its CMD.`
        : "The program that the image names must be in it and executable; correct ENTRYPOINT or CMD of the image.",
    };
  return { cause: "command", happened: said, fix: "Correct what these words name in the pod's template." };
}

function explainEnd(container: ContainerFacts, exitCode: number, reason: string): Trouble {
  const { facts, spec, status, what } = container;
  const killer = killedByProbe(facts.pod, spec, facts);
  if (killer !== null) return killer;
  const often = status.restartCount > 0 ? ` ${status.restartCount + 1} times so far` : "";
  const output = lastLineInWords(facts.logs.get(spec.name) ?? "");
  if (reason === "OOMKilled") {
    const limit = spec.resources?.limits?.memory;
    return {
      cause: "crash",
      happened: `${what} was ended${often} for taking more memory than its limit${limit ? ` of ${limit}` : ""} (OOMKilled). ${output}`,
      fix: "Raise resources.limits.memory, or make the program use less.",
    };
  }
  const meaning = meaningOfStatus(exitCode);
  const happened = `${what} ends with exit status ${exitCode}${meaning ? ` (${meaning})` : ""}${often && `,${often}`}. ${output}`;
  return { cause: "crash", happened, fix: fixForStatus(exitCode) };
}

function fixForStatus(exitCode: number): string {
  if (exitCode === 0)
    return "A container of a Deployment, StatefulSet or DaemonSet must go on running: let its program stay in the foreground, or use a Job for work that ends.";
  if (exitCode === 127 || exitCode === 126)
    return "Correct command and args: the program must be in the image and executable.";
  return "Its last output says why it ends; correct that, then the settings (env, command, args, volumes) that it needs.";
}

function killedByProbe(pod: V1Pod, spec: V1Container, { events }: PodFacts): Trouble | null {
  const own = events.filter((event) => (event.involvedObject.fieldPath ?? "").includes(`{${spec.name}}`));
  const kill = own.find((event) => killingWords.test(event.message ?? ""));
  const kind = killingWords.exec(kill?.message ?? "")?.[1];
  if (!kind) return null;
  const failure = own.findLast((event) => new RegExp(`^${kind} probe failed`, "i").test(event.message ?? ""));
  const probe = kind === "liveness" ? "livenessProbe" : "startupProbe";
  return {
    cause: "probe",
    happened: `The ${kind} probe of container ${spec.name} of pod ${pod.metadata?.name} fails, so the kubelet ends and restarts it again and again. It says ${quoteOutput(failure?.message ?? kill?.message ?? "")}.`,
    fix: `Correct port, path or command of ${probe} to what the program answers, and give it time to start (initialDelaySeconds, failureThreshold, or a startupProbe).`,
  };
}
