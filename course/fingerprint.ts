import { createHash } from "node:crypto";
import type { z } from "zod";

type Json = z.core.util.JSONType;

/**
 * Says in a form what its sender has seen, so that a change of somebody else's in between is told and not overwritten.
 */
export const fingerprint = (value: Json): string =>
  createHash("sha256").update(ordered(value)).digest("hex").slice(0, 24);

/** For a form whose fingerprint is another by now. */
export const changedMeanwhile =
  "Somebody changed this since you opened the page: open it again, look at what stands there now, and then decide.";

/** The same text for the same value, whatever the order of its keys. */
export const ordered = (value: Json): string =>
  JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );

/** Both sides of a conflict as somebody sees them who is to choose one. */
export const seenConflict = (sides: { file: Json; site: Json }): string => fingerprint({ ...sides });
