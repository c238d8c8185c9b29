import { workingStates } from "#grading/machines/machine-state.ts";
import { createDb } from "#infra/db/connection/client.ts";

export interface MachinesLeft {
  machines: number;
  /** When the last of them ends by itself. */
  until: Date;
}

/** The machines that grade on after a stop, once the worker has ended those of the pool; null when there is none. */
export async function machinesLeft(databaseUrl: string): Promise<MachinesLeft | null> {
  const db = createDb(databaseUrl, { connections: 1, limits: { statementMs: 3_000, answerMs: 5_000 } });
  try {
    const { _count, _max } = await db.machine.aggregate({
      where: { state: { in: [...workingStates] }, runId: { not: null } },
      _count: true,
      _max: { leaseUntil: true },
    });
    return _max.leaseUntil === null ? null : { machines: _count, until: _max.leaseUntil };
  } finally {
    await db.$disconnect();
  }
}

/** What whoever stops the site is told of them. endWith: what they run in, where it is stopped too. */
export function leftSentence({ machines, until }: MachinesLeft, endWith: string | null): string {
  const [are, it] = machines === 1 ? ["1 machine is", "it ends"] : [`${machines} machines are`, "they end"];
  const goesOn = machines === 1 ? "take its run up" : "take their runs up";
  if (endWith !== null) {
    return `${are} still grading and ${machines === 1 ? "ends" : "end"} with ${endWith}. ${machines === 1 ? "Its run is" : "Their runs are"} kept: the next start grades ${machines === 1 ? "it" : "them"} again.`;
  }
  const clock = until.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  return `${are} still grading: ${it} by ${machines === 1 ? "itself" : "themselves"} at ${clock} at the latest, or start Drydock again to ${goesOn}.`;
}
