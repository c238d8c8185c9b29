import { storedObjectives } from "#course/catalogue/stored-schedule.ts";
import type { Db } from "../connection/client.ts";

export type MarkOutcome = { outcome: "marked" } | { outcome: "refused"; message: string };

/** Marks where a class is in its objectives, from 0; null: nowhere. Whoever marks last is right. */
export async function markClassObjective(
  db: Db,
  { courseId, number, objective }: { courseId: string; number: number; objective: number | null },
): Promise<MarkOutcome> {
  const where = { courseId_number: { courseId, number } };
  const row = await db.classMeeting.findUnique({ where, select: { objectives: true } });
  if (row === null) {
    return { outcome: "refused", message: `There is no class ${number} any more: load the schedule anew.` };
  }
  const read = storedObjectives.read(row.objectives);
  const count = read.outcome === "read" ? read.value.length : 0;
  if (objective !== null && objective >= count) {
    const message = `Class ${number} has no such objective any more: load the schedule anew.`;
    return { outcome: "refused", message };
  }
  await db.classMeeting.updateMany({ where: { courseId, number }, data: { currentObjective: objective } });
  return { outcome: "marked" };
}
