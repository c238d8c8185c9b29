import { performance } from "node:perf_hooks";
import type { CoreV1Event } from "@kubernetes/client-node";
import type { DrillTimeline } from "../../../../../protocol/messages.ts";
import type { CheckContext } from "../../../kit/define-check.ts";
import { dullReasons } from "../shown/show-events.ts";
import {
  countReplicas,
  desiredOf,
  isEnding,
  podName,
  presentPods,
  readyEndpoints,
  readyPods,
} from "./count-replicas.ts";
import type { ReplicaCount } from "./judge-surge.ts";
import { keepLastWords } from "./last-words.ts";
import { showLost } from "./load/lost-in-words.ts";
import { placeFailures } from "./load/place-failures.ts";
import { type LoadOptions, type LoadTotals, type SteadyLoad, startLoad } from "./load/steady-load.ts";
import { thinMarks, thinSamples } from "./thin-timeline.ts";
import {
  type WatchedWorkload,
  type WorkloadState,
  type WorkloadWatch,
  watchWorkload,
} from "./watch-workload.ts";

/** About five times a second. */
const sampleMs = 200;

/** A drill under way: the cluster is watched, and everything goes into its timeline. */
export interface Drill extends Pick<WorkloadWatch, "now" | "until" | "gone"> {
  /** Milliseconds since it began. */
  atMs(): number;
  /** What the drill does. */
  action(text: string): void;
  /** What it was waiting for and saw. */
  reached(text: string): void;
  /** Every count of replicas seen so far, one for each change. */
  counts: readonly ReplicaCount[];
  /** When each pod was told to end, and when each became ready, by name. */
  endings: ReadonlyMap<string, number>;
  becameReady: ReadonlyMap<string, number>;
  /** Moments at which the Service had no ready address. */
  deserted: readonly number[];
  /** Sends requests from here on; their results go into the samples. */
  load(options: Omit<LoadOptions, "atMs">): SteadyLoad;
  /** Ends the load and the watch. */
  finish(): Promise<{ timeline: DrillTimeline; load: LoadTotals }>;
}

/** Begins a drill on a Deployment; end it with finish, or use withDrill. */
async function recordTimeline(context: CheckContext, workload: WatchedWorkload): Promise<Drill> {
  const began = performance.now();
  const atMs = () => Math.round(performance.now() - began);
  const samples: DrillTimeline["samples"] = [];
  const marks: DrillTimeline["marks"] = [];
  const counts: ReplicaCount[] = [];
  const endings = new Map<string, number>();
  const becameReady = new Map<string, number>();
  const deserted: number[] = [];
  const loads: SteadyLoad[] = [];
  const paths = new Set<string>();
  const lastWords = keepLastWords(context);
  let before = { answered: 0, failed: 0 };

  // While the first lists come in, what is not listed yet is not missing.
  let listed = false;
  const note = (state: WorkloadState) => {
    if (!listed) return;
    counts.push(countReplicas(state, atMs()));
    for (const pod of state.pods)
      if (isEnding(pod) && !endings.has(podName(pod))) {
        endings.set(podName(pod), atMs());
        lastWords.listenTo(pod);
      }
    for (const pod of readyPods(state.pods))
      if (!becameReady.has(podName(pod))) becameReady.set(podName(pod), atMs());
  };
  const onEvent = (event: CoreV1Event) => {
    const text = eventInWords(event, workload.deployment);
    if (text !== null && marks.at(-1)?.text !== text) marks.push({ atMs: atMs(), kind: "event", text });
  };
  const watch = await watchWorkload(
    context.kubernetes().admin,
    workload,
    { onState: note, onEvent },
    atMs,
    context.signal,
  );

  listed = true;
  note(watch.now());

  const sample = () => {
    const state = watch.now();
    const totals = sumOf(loads);
    const endpoints = readyEndpoints(state.slices).length;
    if (endpoints === 0 && workload.service !== undefined) deserted.push(atMs());
    samples.push({
      atMs: atMs(),
      desired: desiredOf(state),
      pods: presentPods(state.pods).length,
      ready: readyPods(state.pods).length,
      endpoints,
      answered: totals.answered - before.answered,
      failed: totals.failed - before.failed,
    });
    before = totals;
  };
  const mark = (kind: "action" | "reached", text: string) => {
    marks.push({ atMs: atMs(), kind, text });
    context.log(text);
  };
  sample();
  const timer = setInterval(sample, sampleMs);
  const finish = async () => {
    clearInterval(timer);
    try {
      for (const load of loads) await load.stop();
    } finally {
      await watch.close();
    }
    sample();
    const load = sumOf(loads);
    showLost(context, [...paths].join(", "), load);
    await lastWords.show();
    const placed = placeFailures(samples, load);
    const timeline = { durationMs: atMs(), samples: thinSamples(placed), marks: thinMarks(marks) };
    return { timeline, load };
  };
  return {
    now: watch.now,
    until: watch.until,
    gone: watch.gone,
    atMs,
    action: (text) => mark("action", text),
    reached: (text) => mark("reached", text),
    counts,
    endings,
    becameReady,
    deserted,
    load(options) {
      const started = startLoad({ ...options, atMs }, context.signal);
      loads.push(started);
      paths.add(options.target.path);
      return started;
    },
    finish,
  };
}

/** Records while use runs, and ends load and watch however it ends. */
export async function withDrill<T>(
  context: CheckContext,
  workload: WatchedWorkload,
  use: (drill: Drill) => Promise<T>,
): Promise<{ result: T; timeline: DrillTimeline; load: LoadTotals }> {
  const drill = await recordTimeline(context, workload);
  let result: T;
  try {
    result = await use(drill);
  } catch (error) {
    // What ended the drill says more than what its end brings up.
    await drill.finish().catch((late: unknown) => context.staff(`The drill's end: ${String(late)}`));
    throw error;
  }
  return { result, ...(await drill.finish()) };
}

function sumOf(loads: SteadyLoad[]): LoadTotals {
  const totals = loads.map((load) => load.totals());
  return {
    sent: totals.reduce((sum, { sent }) => sum + sent, 0),
    answered: totals.reduce((sum, { answered }) => sum + answered, 0),
    failed: totals.reduce((sum, { failed }) => sum + failed, 0),
    failures: totals.flatMap(({ failures }) => failures),
  };
}

/** Of the Deployment, its ReplicaSets and pods; null for others and for what goes without saying. */
function eventInWords(
  { involvedObject, reason, message }: CoreV1Event,
  deployment: string | undefined,
): string | null {
  const { kind = "", name = "" } = involvedObject;
  const ours =
    deployment === undefined ||
    (kind === "Deployment" ? name === deployment : name.startsWith(`${deployment}-`));
  if (!ours || !["Deployment", "ReplicaSet", "Pod"].includes(kind) || dullReasons.has(reason ?? ""))
    return null;
  return `${kind} ${name}: ${reason ?? ""}: ${(message ?? "").replace(/\s+/g, " ").trim()}`;
}
