import { createHash, randomBytes } from "node:crypto";
import type { TokenMaker } from "#grading/machines/launching/launcher.ts";

/** sha256 in hex: the database never holds a secret that an agent could present. */
export function hashSecret(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

/** 256 random bits, url-safe, and their hash. */
export function makeSecret(): { token: string; hash: string } {
  const token = randomBytes(32).toString("base64url");
  return { token, hash: hashSecret(token) };
}

export const tokenMaker: TokenMaker = { make: makeSecret };
