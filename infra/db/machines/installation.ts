import { newId } from "#course/ids.ts";
import type { Db } from "../connection/client.ts";

/**
 * The id of this Drydock, by which it knows its machines on an engine or in an account that others use too: made once
 * and kept in the database, so that all processes of a site share it and a restored database still ends its own
 * machines. A copy of a database has its id too: see docs/operating.md.
 */
export async function ensureInstallation(db: Db, now: Date): Promise<string> {
  const kept = await findInstallation(db);
  if (kept !== null) return kept;
  // Of two at once one is the first.
  await db.installation.createMany({ data: { id: newId("ins", now), madeAt: now }, skipDuplicates: true });
  return (await db.installation.findFirstOrThrow({ select: { id: true } })).id;
}

/** null where none was made yet. */
export async function findInstallation(db: Db): Promise<string | null> {
  return (await db.installation.findFirst({ select: { id: true } }))?.id ?? null;
}
