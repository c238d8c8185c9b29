import type { ComingDeadline } from "./expected-arrivals.ts";

export interface HoldReasons {
  at: Date;
  /** Runs that come in so many seconds, on average. */
  expected: number;
  seconds: number;
  /** Those that they come from, the greatest part first. */
  deadlines: readonly ComingDeadline[];
}

export interface HoldLimits {
  /** Machines that would be held without cap and quota. */
  wanted: number;
  cap: number;
  quotaVcpus: number;
  /** Of the cap, when all was shared out. */
  placesLeft: number;
}

/** For staff, whole sentences: what is expected, and what keeps the fleet from it. */
export function whyHeld(
  machines: number,
  waiting: number,
  reasons: HoldReasons,
  { wanted, cap, quotaVcpus, placesLeft }: HoldLimits,
): string {
  const [first, ...others] = reasons.deadlines;
  if (first === undefined || wanted === 0) {
    return waiting === 0
      ? "Few runs are expected soon, so a machine is started when one comes."
      : `${count(waiting, "run waits", "runs wait")} and a machine is started for each; few others are expected soon.`;
  }
  const also =
    others.length === 0 ? "" : `, and ${count(others.length, "other deadline", "other deadlines")}`;
  const surge = `${first.title} is due in ${span((first.dueAt.getTime() - reasons.at.getTime()) / 1000)} (${first.handedIn} of ${first.students} have handed in)${also}: ${about(reasons.expected)} expected in the ${span(reasons.seconds)} that a machine takes to start.`;
  if (machines === wanted) return surge;
  const limit =
    placesLeft < 1 ? `the fleet's ${count(cap, "place", "places")}` : `the quota of ${quotaVcpus} vCPUs`;
  return `${surge} ${wanted} would be held, but ${limit} would be passed.`;
}

const about = (runs: number) => {
  const rounded = runs < 9.95 ? Math.round(runs * 10) / 10 : Math.round(runs);
  return rounded === 1 ? "about 1 run is" : `about ${rounded} runs are`;
};

const count = (number: number, one: string, many: string) => `${number} ${number === 1 ? one : many}`;

/** Such as "40 seconds", "75 minutes" or "3 days"; the unit in which there are at least two. */
function span(seconds: number): string {
  if (seconds < 120) return count(Math.round(seconds), "second", "seconds");
  if (seconds < 7200) return count(Math.round(seconds / 60), "minute", "minutes");
  if (seconds < 172_800) return count(Math.round(seconds / 3600), "hour", "hours");
  return count(Math.round(seconds / 86_400), "day", "days");
}
