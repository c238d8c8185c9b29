import { randomBytes } from "node:crypto";
import path from "node:path";
import type { Config } from "#infra/config/config.ts";
import { keepOnce } from "#infra/storage/keep-once.ts";

/**
 * The key that signs session cookies: the configured one, else one made at the first start and kept in the data
 * folder, readable by its owner only. Processes that start together agree on one.
 */
export async function loadAuthSecret(config: Pick<Config, "authSecret" | "dataDir">): Promise<string> {
  if (config.authSecret !== null) return config.authSecret;
  return keepOnce(path.join(config.dataDir, "auth-secret"), () => randomBytes(48).toString("base64url"));
}
