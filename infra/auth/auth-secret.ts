import { randomBytes } from "node:crypto";
import { link, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Config } from "#infra/config/config.ts";

/**
 * The key that signs session cookies: the configured one, else one made at the first start and kept in the data
 * folder, readable by its owner only. Processes that start together agree on one.
 */
export async function loadAuthSecret(config: Pick<Config, "authSecret" | "dataDir">): Promise<string> {
  if (config.authSecret !== null) return config.authSecret;
  const file = path.join(config.dataDir, "auth-secret");
  return (await readSecret(file)) ?? (await makeSecret(file));
}

async function readSecret(file: string): Promise<string | null> {
  return readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
}

/** The first to link its file into place wins; nobody ever reads half a secret. */
async function makeSecret(file: string): Promise<string> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const made = randomBytes(48).toString("base64url");
  const temporary = `${file}.${randomBytes(6).toString("hex")}`;
  try {
    await writeFile(temporary, made, { mode: 0o600, flag: "wx" });
    await link(temporary, file);
    return made;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return await readFile(file, "utf8");
  } finally {
    await rm(temporary, { force: true });
  }
}
