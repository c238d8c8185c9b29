import type { MachineKind } from "../machine-kind.ts";
import { type ArrivalCurve, shareBetween } from "./arrival-curve.ts";

/** One instant at which work is due. Students with an extension are due at another one. */
export interface ComingDeadline {
  /** As people read it, such as "Tutorial 9: Introduction to Kubernetes". */
  title: string;
  /** Of the machine that grades it. */
  kind: MachineKind;
  dueAt: Date;
  students: number;
  /** Of these students, how many have handed in something already. */
  handedIn: number;
}

/**
 * Submissions that will come in between two instants, on average. A class that is ahead of the curve has less left to
 * hand in; one behind it is not taken to make good for it, since some never hand in anything.
 */
export function expectedArrivals(
  { dueAt, students, handedIn }: ComingDeadline,
  curve: ArrivalCurve,
  from: Date,
  until: Date,
): number {
  const earliest = (dueAt.getTime() - from.getTime()) / 1000;
  const latest = Math.max(0, (dueAt.getTime() - until.getTime()) / 1000);
  if (earliest <= latest) return 0;
  const pending = Math.max(0, students - handedIn);
  const yetToCome = shareBetween(curve, earliest, 0, "firsts");
  const asFarAs = yetToCome > 0 ? Math.min(students, pending / yetToCome) : 0;
  return asFarAs * curve.perStudent * shareBetween(curve, earliest, latest);
}

/** No fleet has more, and beyond it there would be no end for a mean whose chances no number can hold. */
const most = 1000;

/** The chance of n or more arrivals for n = 1, 2, …, as long as it is at least `atLeast`; Poisson with this mean. */
export function chancesOfMore(mean: number, atLeast: number): number[] {
  const chances: number[] = [];
  let exactly = Math.exp(-mean);
  let more = 1 - exactly;
  for (let n = 1; n <= most && more >= atLeast; n += 1) {
    chances.push(more);
    exactly *= mean / n;
    more -= exactly;
  }
  return chances;
}
