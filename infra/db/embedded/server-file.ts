import { randomUUID } from "node:crypto";
import { readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";

/** What the next start must know of a server; lies in its data folder, readable by its user only. */
const serverFile = z.object({
  port: z.number().int(),
  password: z.string().min(1),
  /** Whose turn it is to stop a server whose starter died: set by the start that found it running. */
  adopted: z.object({ serverPid: z.number().int(), ownerPid: z.number().int() }).nullable(),
});
export type ServerFile = z.infer<typeof serverFile>;

const fileIn = (cluster: string) => path.join(cluster, "drydock.json");

/** null when the folder holds no server yet. */
export async function readServerFile(cluster: string): Promise<ServerFile | null> {
  try {
    return serverFile.parse(JSON.parse(await readFile(fileIn(cluster), "utf8")));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

/** In one step: a crash half-way must not lose the password. */
export async function writeServerFile(cluster: string, content: ServerFile): Promise<void> {
  const fresh = `${fileIn(cluster)}.${randomUUID()}`;
  await writeFile(fresh, JSON.stringify(content), { mode: 0o600, flush: true });
  await rename(fresh, fileIn(cluster));
}
