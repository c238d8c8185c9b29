import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { promisify } from "node:util";
import { gzip } from "node:zlib";

/** The agent as the gateway hands it to machines that have none. */
export interface AgentProgram {
  gzipped: Buffer;
  /** Of the file itself, hex: what user data pin. */
  sha256: string;
}

/** Reads the bundle once, so that what is served is what is pinned, whatever becomes of the file. */
export async function readAgentProgram(bundle: string): Promise<AgentProgram> {
  const program = await readFile(bundle);
  return {
    gzipped: await promisify(gzip)(program),
    sha256: createHash("sha256").update(program).digest("hex"),
  };
}

/** Nothing in it is secret: it is the same for every machine. */
export function sendProgram(response: ServerResponse, { gzipped }: AgentProgram): void {
  response.writeHead(200, {
    "content-type": "text/javascript",
    "content-encoding": "gzip",
    "content-length": gzipped.length,
  });
  response.end(gzipped);
}
