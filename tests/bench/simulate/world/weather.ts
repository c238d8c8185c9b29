import type { FakeProvider } from "#infra/compute/fake/fake-provider.ts";
import type { Work } from "./coursework.ts";
import type { Random } from "./random.ts";
import type { Timeline } from "./timeline.ts";

const minuteMs = 60_000;
/** Eleven weeks. */
const termMs = 77 * 86_400_000;

/** How things go wrong, as shares of machines or runs, and how long they take. */
export interface Odds {
  /** A spot machine is taken away within its first minutes; later at the same rate. */
  interruption: number;
  interruptionMinutes: number;
  /** Seconds, but a few boots are slow and very few machines never call. */
  boot: Span;
  slowBoot: { share: number; seconds: Span };
  neverBoots: number;
  /** Seconds from the order to the result. */
  engineRun: Span;
  kubernetesRun: Span;
  /** Seconds until a Kubernetes stands in a machine that waits. */
  kubernetesStart: Span;
  /** A run whose machine falls silent, and one that goes on and on. */
  silent: number;
  endless: number;
  /** A result that is still on its way when the machine is taken away. */
  lateResult: number;
  /** A launch that is throttled, and one whose reply is lost. */
  throttled: number;
  lostReply: number;
}
type Span = readonly [least: number, most: number];

export const usualOdds: Odds = {
  ...{ interruption: 0.03, interruptionMinutes: 10 },
  ...{ boot: [45, 75], slowBoot: { share: 0.02, seconds: [90, 200] }, neverBoots: 0.003 },
  ...{ engineRun: [120, 360], kubernetesRun: [180, 480], kubernetesStart: [7, 10] },
  ...{ silent: 0.003, endless: 0.003, lateResult: 0.3, throttled: 0.01, lostReply: 0.005 },
};

/** outage: of the provider's control plane. drought: it has three machines and no more. worker-away: nobody is heard. */
export interface Trouble {
  what: "outage" | "drought" | "worker-away";
  from: number;
  until: number;
}

/** How many of each a term has, and how long they last, minutes. */
const troublesOfTerm: Record<Trouble["what"], { number: number; minutes: Span }> = {
  outage: { number: 4, minutes: [5, 20] },
  drought: { number: 5, minutes: [20, 60] },
  "worker-away": { number: 6, minutes: [1, 4] },
};

/** The first of each is at the worst of times, in a deadline's last hour; the others come at any time. */
export function drawTroubles(random: Random, works: readonly Work[]): Trouble[] {
  const first = Math.min(...works.map(({ releasedAt }) => releasedAt.getTime()));
  const last = Math.max(...works.map(({ dueAt }) => dueAt.getTime()));
  const inLastHour = () => {
    const due = works[Math.floor(random.next() * works.length)]?.dueAt.getTime() ?? last;
    return due - random.between(5, 50) * minuteMs;
  };
  return (Object.keys(troublesOfTerm) as Trouble["what"][]).flatMap((what) => {
    const { number, minutes } = troublesOfTerm[what];
    const count = Math.max(1, Math.round((number * (last - first)) / termMs));
    return Array.from({ length: count }, (_, index) => {
      const from = Math.round(index === 0 ? inLastHour() : random.between(first, last));
      return { what, from, until: Math.round(from + random.between(...minutes) * minuteMs) };
    });
  });
}

/** What overlaps ends together with the last of its kind. */
export function letItHappen(
  timeline: Timeline,
  troubles: readonly Trouble[],
  set: { provider: FakeProvider; workerAway(away: boolean): void },
): void {
  const { provider, workerAway } = set;
  const turn: Record<Trouble["what"], (on: boolean) => void> = {
    outage: (on) => provider.beAway(on),
    drought: (on) => provider.limitCapacity(on ? 3 : null),
    "worker-away": workerAway,
  };
  const open = { outage: 0, drought: 0, "worker-away": 0 };
  for (const { what, from, until } of troubles)
    for (const [at, change] of [
      [from, 1],
      [until, -1],
    ] as const)
      timeline.at(at, () => {
        open[what] += change;
        turn[what](open[what] > 0);
      });
}

/** Dollars an hour: spot, which goes up and down by a sixth within a week, a public address and a volume of 12 GiB. */
export const spotUsdPerHour = 0.0326;
export const besidesUsdPerHour = 0.005 + 0.0013;
export const priceAt = (now: Date) =>
  spotUsdPerHour * (1 + Math.sin((now.getTime() / (7 * 86_400_000)) * 2 * Math.PI) / 6) + besidesUsdPerHour;
