import type { DrillTimeline } from "#grading/protocol/messages.ts";
import { formatSeconds } from "../../format.ts";
import { plainText } from "../log/ansi.ts";
import { type DrillSample, lastAt } from "./drill-moments.ts";

/** A stretch without all that was asked for. */
interface Lack {
  fromMs: number;
  /** null when the drill ended before everything was back. */
  toMs: number | null;
  /** The least there was. */
  worst: { what: "pods" | "addresses"; have: number; of: number };
  /** What the drill had done last; null when it had done nothing yet. */
  action: { atMs: number; text: string } | null;
}

/** What a drill showed, in one sentence: how long recovery took at the longest, and how many requests were lost. */
export function summariseDrill(timeline: DrillTimeline): string {
  if (timeline.samples.length === 0) return "The drill ended before it could look at the cluster.";
  return `${recoveryWords(longestLack(timeline), timeline)}; ${requestWords(timeline.samples)}.`;
}

function recoveryWords(lack: Lack | null, { durationMs }: DrillTimeline): string {
  if (lack === null) return "Everything that was asked for was ready throughout";
  const { have, of, what } = lack.worst;
  const worst =
    what === "pods"
      ? `At worst ${have} of ${of} pods were ready`
      : `All pods were ready, but at worst the Service had ${have} of ${of} addresses`;
  // "Back" would be wrong of a drill that asks for more than there ever was.
  const all = what === "pods" ? "all were ready" : "it had all";
  const notAll = what === "pods" ? "not all were ready" : "it had not all";
  const since = lack.action?.atMs ?? lack.fromMs;
  const after = lack.action ? ` after “${shortened(lack.action.text)}”` : " later";
  if (lack.toMs === null) {
    return `${worst}, and ${notAll} when the drill ended ${span(durationMs - since)}${after}`;
  }
  return `${worst}; ${all} ${span(lack.toMs - since)}${after}`;
}

function requestWords(samples: readonly DrillSample[]): string {
  const failed = samples.reduce((sum, sample) => sum + sample.failed, 0);
  const sent = failed + samples.reduce((sum, sample) => sum + sample.answered, 0);
  const all = sent.toLocaleString("en-US");
  if (sent === 0) return "no requests were sent";
  if (failed === 0) return `none of ${all} requests failed`;
  return `${failed.toLocaleString("en-US")} of ${all} requests failed`;
}

/** The lack that took longest from what the drill had done; one that never ended is longer than any other. */
function longestLack(timeline: DrillTimeline): Lack | null {
  const length = (lack: Lack) =>
    lack.toMs === null ? Number.POSITIVE_INFINITY : lack.toMs - (lack.action?.atMs ?? lack.fromMs);
  return lacks(timeline).reduce<Lack | null>(
    (longest, lack) => (longest === null || length(lack) > length(longest) ? lack : longest),
    null,
  );
}

function lacks({ samples, marks }: DrillTimeline): Lack[] {
  const actions = marks.filter((mark) => mark.kind === "action");
  const from = actions[0]?.atMs ?? 0;
  // A drill without a Service has no addresses to wait for.
  const counted = samples.some((sample) => sample.endpoints > 0);
  const found: Lack[] = [];
  let open: Lack | null = null;
  for (const sample of samples) {
    // Getting ready for the drill is no part of it.
    if (sample.atMs < from) continue;
    const worst = lackOf(sample, counted);
    if (worst === null) {
      if (open) open.toMs = sample.atMs;
      open = null;
    } else if (open === null) {
      open = {
        fromMs: sample.atMs,
        toMs: null,
        worst,
        action: actions[lastAt(actions, sample.atMs)] ?? null,
      };
      found.push(open);
    } else if (isWorse(worst, open.worst)) {
      open.worst = worst;
    }
  }
  return found;
}

function lackOf({ desired, ready, endpoints }: DrillSample, addresses: boolean): Lack["worst"] | null {
  if (ready < desired) return { what: "pods", have: ready, of: desired };
  if (addresses && endpoints < desired) return { what: "addresses", have: endpoints, of: desired };
  return null;
}

function isWorse(one: Lack["worst"], other: Lack["worst"]): boolean {
  if (one.what !== other.what) return one.what === "pods";
  return one.of - one.have > other.of - other.have;
}

const longestQuote = 60;

function shortened(text: string): string {
  const plain = plainText(text);
  return plain.length <= longestQuote ? plain : `${plain.slice(0, longestQuote - 1).trimEnd()}…`;
}

const span = (ms: number) => formatSeconds(Math.max(0, ms) / 1000);
