import type { MachineKind } from "../machine-kind.ts";
import type { ComingDeadline } from "./expected-arrivals.ts";

/** An exercise that was released, and who is to hand it in when. */
export interface ClassWork {
  /** As people read it. */
  title: string;
  machineKind: MachineKind;
  /** What its runs ask of a machine that waits: nodes of a Kubernetes, 0 without one, and their own time limit. */
  nodes: number;
  timeoutSeconds: number;
  /** dueAt: with the extension that the student has. */
  students: readonly { dueAt: Date; handedIn: boolean }[];
}

/** A coming deadline, and what its runs ask of a machine that waits for them. */
export interface DueWork extends ComingDeadline, Pick<ClassWork, "nodes" | "timeoutSeconds"> {}

/** One for each instant after `now` and up to `until` at which somebody is due, the nearest first. Pure. */
export function comingDeadlines(works: readonly ClassWork[], now: Date, until: Date): DueWork[] {
  return works
    .flatMap(({ title, machineKind: kind, nodes, timeoutSeconds, students }) => {
      const at = new Map<number, DueWork>();
      for (const { dueAt, handedIn } of students) {
        if (dueAt <= now || dueAt > until) continue;
        const due = at.get(dueAt.getTime()) ?? {
          ...{ title, kind, nodes, timeoutSeconds, dueAt, students: 0, handedIn: 0 },
        };
        due.students += 1;
        due.handedIn += handedIn ? 1 : 0;
        at.set(dueAt.getTime(), due);
      }
      return [...at.values()];
    })
    .sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime());
}
