import { readFile, writeFile } from "node:fs/promises";
import { pickPort } from "#infra/db/embedded/ports.ts";

/** The port that `file` names when it is free at the host's address, else any free one, which is written there. */
export async function keptPort(file: string, host: string): Promise<number> {
  const kept = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "0";
    throw error;
  });
  const wanted = Number(kept);
  const port = await pickPort(Number.isInteger(wanted) && wanted > 0 && wanted < 65_536 ? wanted : 0, host);
  if (port !== wanted) await writeFile(file, `${port}\n`, { mode: 0o600 });
  return port;
}
