import type { SweepPorts } from "#grading/submissions/sweep-files.ts";
import type { Db } from "../connection/client.ts";

/** Which of these keys of the file store any row names. */
export function createNamedFiles(db: Db): SweepPorts["findNamed"] {
  return async (keys) => {
    const rows = await db.$queryRaw<{ key: string }[]>`
      SELECT storage_key AS key FROM submission WHERE storage_key = ANY(${keys})
      UNION SELECT hidden_key FROM exercise_version WHERE hidden_key = ANY(${keys})
      UNION SELECT starter_key FROM exercise_version WHERE starter_key = ANY(${keys})`;
    return new Set(rows.map(({ key }) => key));
  };
}
