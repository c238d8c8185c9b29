import type { CoreV1Event } from "@kubernetes/client-node";
import type { Shown } from "../../../kit/shown/shown.ts";
import { timeOf } from "../pods/explain-pods.ts";

/** What containers go through without anybody asking. */
export const dullReasons = new Set(["Pulled", "Pulling", "Created"]);

/** Lays open events, oldest first, with the seconds since the first of them. */
export function showEvents({ shown }: { shown: Shown }, events: CoreV1Event[]): void {
  const telling = events.filter(({ reason }) => !dullReasons.has(reason ?? ""));
  const began = secondsOf(telling[0]);
  const excerpt = shown.excerpt("What the cluster said (events, with the seconds since the first)");
  for (const event of telling)
    excerpt.line(`${Math.max(0, Math.round(secondsOf(event) - began))} s: ${eventInWords(event)}`);
}

const secondsOf = (event: CoreV1Event | undefined) => (event === undefined ? 0 : timeOf(event) / 1000);

/** Such as “Pod web-1: Unhealthy: Readiness probe failed (5 times)”. */
export function eventInWords({ involvedObject, reason, message, count, series }: CoreV1Event): string {
  const { kind = "", name = "" } = involvedObject;
  const times = series?.count ?? count ?? 1;
  const often = times > 1 ? ` (${times} times)` : "";
  return `${kind} ${name}: ${reason ?? ""}: ${(message ?? "").replace(/\s+/g, " ").trim()}${often}`;
}
