import type { Shown } from "../../../../kit/shown/shown.ts";
import type { FailedRequest, LoadTotals } from "./steady-load.ts";

const reasons: Record<FailedRequest["reason"], string> = {
  refused: "had their connection refused",
  cut: "had their connection cut before the answer was whole",
  timeout: "got no answer in time",
  unreachable: "found no way to the address",
  status: "were answered with another status",
  other: "failed otherwise",
};

/** Such as “3 of 400 requests failed: 2 had their connection refused, 1 got no answer in time (first at 4.2 s).” */
export function lostInWords({ sent, failed, failures }: LoadTotals): string {
  if (failed === 0) return `None of ${sent} requests failed.`;
  const each = byReason(failures).map(
    ([reason, { length }]) => `${length} ${reasons[reason]}${statusesOf(reason, failures)}`,
  );
  const first = Math.min(...failures.map(({ atMs }) => atMs));
  const last = Math.max(...failures.map(({ atMs }) => atMs));
  const when =
    failed === 1
      ? `at ${seconds(first)} s`
      : `between ${seconds(first)} s and ${seconds(last)} s of the drill`;
  return `${failed} of ${sent} requests failed: ${each.join(", ")} (${when}).`;
}

/** The most frequent reason first. */
function byReason(failures: readonly FailedRequest[]): [FailedRequest["reason"], FailedRequest[]][] {
  const groups = new Map<FailedRequest["reason"], FailedRequest[]>();
  for (const failure of failures)
    groups.set(failure.reason, [...(groups.get(failure.reason) ?? []), failure]);
  return [...groups].sort((a, b) => b[1].length - a[1].length);
}

function statusesOf(reason: FailedRequest["reason"], failures: readonly FailedRequest[]): string {
  if (reason !== "status") return "";
  const all = new Set(failures.filter((failure) => failure.reason === "status").map(({ detail }) => detail));
  return ` (${[...all].slice(0, 3).join(", ")})`;
}

const seconds = (ms: number) => (ms / 1000).toFixed(1);

/** Of each way to fail. */
const examples = 3;

/** Lays open the failed requests of a drill: how many of each kind, with the first of them. Nothing when none failed. */
export function showLost(
  { shown }: { shown: Shown },
  path: string,
  { sent, failed, failures }: LoadTotals,
): void {
  if (failed === 0) return;
  const excerpt = shown.excerpt(`Failed requests: ${failed} of ${sent} requests GET ${path}`);
  for (const [reason, group] of byReason(failures)) {
    excerpt.line(`${group.length} ${reasons[reason]}, such as`);
    for (const { atMs, tookMs, detail } of group.slice(0, examples))
      excerpt.line(`  at ${seconds(atMs)} s of the drill, after ${tookMs} ms: ${detail}`);
  }
}
