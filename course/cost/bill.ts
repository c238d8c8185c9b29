import { type BillingRule, costOf, perSecond } from "./cost-of.ts";
import { type Micros, microsOf } from "./micros.ts";

/** How long a machine existed and what it cost an hour. */
export interface Life {
  /** Of all that it costs. */
  usdPerHour: number;
  /** Of that what its provider charges even where it charges nothing for the machine itself: address and disk. */
  besidesUsdPerHour: number;
  seconds: number;
  /** Of these before a run took it. */
  poolSeconds: number;
  rule: BillingRule;
  /** The provider ended it for its own sake, not we and not the machine itself. */
  takenBack: boolean;
}

export interface Bill {
  /** All that it cost. */
  micros: Micros;
  /** Of that what it cost while it waited for a run. */
  poolMicros: Micros;
}

/** EC2 charges nothing for an instance that it interrupts before it was an hour old. */
const freeSeconds = 3600;

/** What a machine that is gone has cost. The part is never more than the whole. */
export function billOf(life: Life): Bill {
  const isFree = life.takenBack && life.seconds < freeSeconds;
  const rate = isFree ? Math.min(life.besidesUsdPerHour, life.usdPerHour) : life.usdPerHour;
  // What stands beside the machine has no least time.
  const rule = isFree ? perSecond : life.rule;
  const micros = microsOf(costOf(rate, life.seconds, rule));
  // Down to whole seconds, so that the part is never more than the whole.
  return { micros, poolMicros: microsOf(costOf(rate, Math.floor(Math.max(0, life.poolSeconds)), perSecond)) };
}

/** For whom: the run that had the machine, or the pool in which it waited. */
export type LedgerPart = "run" | "pool";

export interface LedgerEntry {
  part: LedgerPart;
  micros: Micros;
}

/** Splits a bill without a rest; what cost nothing has no entry. A machine that no run had is the pool's altogether. */
export function entriesOf({ micros, poolMicros }: Bill, hadRun: boolean): LedgerEntry[] {
  const pool = hadRun ? poolMicros : micros;
  const entries: LedgerEntry[] = [
    { part: "run", micros: micros - pool },
    { part: "pool", micros: pool },
  ];
  return entries.filter((entry) => entry.micros > 0);
}

/** A machine that is not gone: what may still come of it is held. */
export interface LivingMachine {
  usdPerHour: number;
  requestedAt: Date;
  leaseUntil: Date;
  /** When a run took it from the pool; null of one that was made for its run, or has none. */
  takenAt: Date | null;
  hasRun: boolean;
  rule: BillingRule;
}

/** The most that it costs until its lease, or what it has cost by now where it is past it, split as its bill will be. */
export function holdOf(machine: LivingMachine, now: Date): LedgerEntry[] {
  const { usdPerHour, requestedAt, leaseUntil, takenAt, hasRun, rule } = machine;
  const until = Math.max(leaseUntil.getTime(), now.getTime());
  const seconds = Math.max(0, (until - requestedAt.getTime()) / 1000);
  const waited = takenAt === null ? 0 : (takenAt.getTime() - requestedAt.getTime()) / 1000;
  const poolSeconds = Math.min(seconds, waited);
  return entriesOf(
    billOf({ usdPerHour, besidesUsdPerHour: 0, seconds, poolSeconds, rule, takenBack: false }),
    hasRun,
  );
}
