import type { Market } from "../provider.ts";

/** A machine of the pool that got warm, or failed before it did and before a run took it. */
export interface PoolProof {
  /** null: it failed. */
  warmAt: Date | null;
  /** When it was given up. */
  drainingAt: Date | null;
  market: Market | null;
}

/** So many of the newest decide. */
export const newestProofs = 3;

/**
 * When machines of the pool were last seen to fail, so that others would too; null when they get warm. One is enough where
 * machines stay: it could not start what is in it. Of spot any may be taken back while it boots, but not several in a row.
 * newest: as many as decide, the newest first. Pure.
 */
export function failedAt(newest: readonly PoolProof[]): Date | null {
  const [last] = newest;
  if (last === undefined || last.warmAt !== null) return null;
  const inARow = last.market === "spot" ? newestProofs : 1;
  const hasFailed = newest.length >= inARow && newest.slice(0, inARow).every(({ warmAt }) => warmAt === null);
  return hasFailed ? last.drainingAt : null;
}
