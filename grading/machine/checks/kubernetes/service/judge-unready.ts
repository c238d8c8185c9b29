import type { V1Pod, V1Service } from "@kubernetes/client-node";
import type { Part } from "../../kit/credit/share-credit.ts";
import type { CheckContext } from "../../kit/define-check.ts";
import { outputInWords, quoteOutput } from "../../kit/words/quote-output.ts";
import { createClients } from "../kit/api/clients.ts";
import { execInPod } from "../kit/api/exec-in-pod.ts";
import { type RequestTarget, sendRequest } from "../kit/api/send-request.ts";
import { podName, readyEndpoints, readyPods } from "../kit/drills/count-replicas.ts";
import type { Drill } from "../kit/drills/record-timeline.ts";
import { podProcesses, signalProcess } from "../kit/pods/pod-processes.ts";
import { podOf } from "./judge-spread.ts";
import type { PodNameSettings, UnreadySettings } from "./settings.ts";

/** Requests of one look, and how often it looks: the nodes follow the endpoints a moment later. */
const lookRequests = 20;
const looks = 6;

/** Makes one of the pods unready and says whether its Service sends to it no more, and again when it is ready. */
export async function judgeUnready(
  context: CheckContext,
  drill: Drill,
  service: V1Service,
  {
    target,
    podName: where,
    timeoutMs,
  }: { target: RequestTarget; podName: PodNameSettings; timeoutMs: number },
  settings: UnreadySettings,
): Promise<Part[]> {
  const what = `Service ${service.metadata?.name}`;
  const expected = `${what} sends nothing to a pod that is not ready`;
  const [pod, other] = readyPods(drill.now().pods);
  if (!pod || !other)
    return [
      {
        expected,
        problem: {
          happened: `Only one pod of ${what} is ready, so there is no other to send to.`,
          fix: "Run 2 replicas or more.",
        },
      },
    ];
  const name = podName(pod);
  const isServed = () => readyEndpoints(drill.now().slices).some((each) => each.pod === name);
  const made = await makeUnready(context, drill, pod, settings);
  if (made.outcome === "failed") return [{ expected, problem: made.problem }];
  const parts: Part[] = [];
  let unrestored: Part["problem"] = null;
  try {
    const left = await drill.until(() => !isServed(), settings.seconds);
    if (left) drill.reached(`${what} sends to ${name} no more`);
    const problem = left
      ? await lookForAnswers(context, name, target, where, timeoutMs)
      : stillServed(what, pod, settings);
    parts.push({ expected, problem });
  } finally {
    unrestored = await made.restore();
  }
  const again = `${what} sends to a pod again when it is ready again`;
  if (unrestored) return [...parts, { expected: again, problem: unrestored }];
  const back = await drill.until(
    () => readyEndpoints(drill.now().slices).length > 1 && (isServed() || settings.by === "command"),
    settings.seconds,
  );
  if (back) drill.reached(`${what} sends to all ready pods again`);
  parts.push({
    expected: again,
    problem: back
      ? null
      : {
          happened: `Pod ${name} was not ready again within ${settings.seconds} s.`,
          fix: "Let the readinessProbe pass as soon as the program can answer again.",
        },
  });
  return parts;
}

type MadeUnready =
  | { outcome: "made"; restore: () => Promise<Part["problem"]> }
  | { outcome: "failed"; problem: NonNullable<Part["problem"]> };

async function makeUnready(
  context: CheckContext,
  drill: Drill,
  pod: V1Pod,
  { by, command = [], restore }: UnreadySettings,
): Promise<MadeUnready> {
  if (by === "freeze") {
    const frozen = await podProcesses(pod);
    drill.action(`Freeze every process of pod ${podName(pod)}`);
    for (const pid of frozen) signalProcess(pid, "SIGSTOP");
    return {
      outcome: "made",
      async restore() {
        drill.action(`Let pod ${podName(pod)} go on`);
        for (const pid of frozen) signalProcess(pid, "SIGCONT");
        return null;
      },
    };
  }
  drill.action(`Run “${command.join(" ")}” in pod ${podName(pod)}`);
  const problem = await runIn(context, pod, command);
  if (problem) return { outcome: "failed", problem };
  return {
    outcome: "made",
    async restore() {
      if (restore) {
        drill.action(`Run “${restore.join(" ")}” in pod ${podName(pod)}`);
        return runIn(context, pod, restore);
      }
      drill.action(`Delete pod ${podName(pod)}, so that another takes its place`);
      const { core } = createClients(context.kubernetes().admin, context.signal);
      await core.deleteNamespacedPod({ name: podName(pod), namespace: pod.metadata?.namespace ?? "" });
      return null;
    },
  };
}

/** A command that fails found no program or no file of its own in the container, which is the student's. */
async function runIn(context: CheckContext, pod: V1Pod, command: string[]): Promise<Part["problem"]> {
  const container = pod.spec?.containers[0]?.name ?? "";
  const target = { namespace: pod.metadata?.namespace ?? "", pod: podName(pod), container };
  const ran = await execInPod(context.kubernetes().admin, target, command, context.signal);
  if (ran.outcome === "ended" && ran.exitCode === 0) return null;
  const text = command.join(" ");
  const why =
    ran.outcome === "ended"
      ? `ended with exit status ${ran.exitCode}. ${outputInWords(ran.stderr || ran.stdout)}`
      : `could not be run: ${quoteOutput(ran.words)}.`;
  return {
    happened: `To make a pod unready and ready again, “${text}” is run in it. In container ${container} of pod ${podName(pod)} it ${why}`,
    fix: `Let the container have what “${text}” needs, as the exercise describes it: the program, and the files that it names.`,
  };
}

function stillServed(
  what: string,
  pod: V1Pod,
  { by, seconds, command = [] }: UnreadySettings,
): NonNullable<Part["problem"]> {
  const probed = (pod.spec?.containers ?? []).some(({ readinessProbe }) => readinessProbe !== undefined);
  const happened = `${what} still sent to pod ${podName(pod)} ${seconds} s after ${by === "freeze" ? "all its processes were frozen" : `“${command.join(" ")}” was run in it`}`;
  return probed
    ? {
        happened: `${happened}: its readinessProbe had not failed by then.`,
        fix: "Let readinessProbe ask what tells whether the pod can answer, often (periodSeconds: 1 or 2), and give up early (failureThreshold: 1 or 2, timeoutSeconds: 1).",
      }
    : {
        happened: `${happened}: it has no readinessProbe, so nobody asks whether it can answer.`,
        fix: "Add a readinessProbe to its container, such as httpGet on the port that the Service sends to.",
      };
}

async function lookForAnswers(
  context: CheckContext,
  pod: string,
  target: RequestTarget,
  where: PodNameSettings,
  timeoutMs: number,
): Promise<Part["problem"]> {
  let bad: string[] = [];
  for (let look = 0; look < looks; look += 1) {
    const results = await Promise.all(
      Array.from({ length: lookRequests }, () => sendRequest(target, timeoutMs, context.signal)),
    );
    bad = results.flatMap((result) =>
      result.outcome === "lost"
        ? [result.detail]
        : podOf(result.answer, [pod], where) === pod
          ? [`an answer of ${pod}`]
          : [],
    );
    if (bad.length === 0) return null;
  }
  return {
    happened: `Of ${lookRequests} requests after its address was taken out, ${bad.length} still went wrong: ${[...new Set(bad)].slice(0, 3).join(", ")}.`,
    fix: "Let the other pods answer while one is not ready.",
  };
}
