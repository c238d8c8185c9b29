import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import path from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { BinaryModule } from "./modules.ts";

export type DownloadOutcome = { outcome: "downloaded" } | { outcome: "unreachable"; message: string };

/** A host that does not begin to answer in this time is taken for unreachable: building is the other way. */
const patienceMs = 3_000;

interface Download {
  module: BinaryModule;
  /** Such as amd64. */
  architecture: string;
  /** The address below which releases lie. */
  from: string;
  /** An existing folder. */
  into: string;
  report: (step: string, fraction: number) => void;
  signal: AbortSignal;
}

/**
 * Downloads a release's programs, each held against the sha256 that is published beside it. Never throws for a host
 * that is not reached or breaks off; throws Error for a file that has another checksum.
 */
export async function downloadRelease(options: Download): Promise<DownloadOutcome> {
  const { module, report } = options;
  for (const [i, program] of module.programs.entries()) {
    const step = `Downloading ${program} ${module.version}`;
    const before = i / module.programs.length;
    report(step, before);
    const outcome = await downloadProgram(options, program, (share) =>
      report(step, before + share / module.programs.length),
    );
    if (outcome.outcome === "unreachable") return outcome;
  }
  return { outcome: "downloaded" };
}

async function downloadProgram(
  { module, architecture, from, into, signal }: Download,
  program: string,
  onShare: (share: number) => void,
): Promise<DownloadOutcome> {
  const address = `${from}/${module.version}/bin/linux/${architecture}/${program}`;
  const hash = createHash("sha256");
  let published: string;
  try {
    published = (await (await ask(`${address}.sha256`, signal)).text()).trim().split(/\s/)[0] ?? "";
    const response = await ask(address, signal);
    const total = Number(response.headers.get("content-length") ?? 0);
    let bytes = 0;
    const counted = new Transform({
      transform(chunk: Buffer, _, done) {
        hash.update(chunk);
        bytes += chunk.length;
        if (total > 0) onShare(bytes / total);
        done(null, chunk);
      },
    });
    const file = createWriteStream(path.join(into, program), { mode: 0o755 });
    await pipeline(Readable.fromWeb(response.body as never), counted, file, { signal });
  } catch (error) {
    signal.throwIfAborted();
    if ((error as NodeJS.ErrnoException).syscall === "write") throw error;
    return { outcome: "unreachable", message: `${address}: ${sentenceOf(error)}` };
  }
  if (hash.digest("hex") !== published) {
    throw new Error(`${address} is not the file of its published checksum ${published}.`);
  }
  return { outcome: "downloaded" };
}

/** Answered within patience; what follows may take its time. */
async function ask(address: string, signal: AbortSignal): Promise<Response> {
  const slow = new AbortController();
  const timer = setTimeout(() => slow.abort(), patienceMs);
  try {
    const response = await fetch(address, { signal: AbortSignal.any([slow.signal, signal]) });
    if (!response.ok || response.body === null) throw new Error(`HTTP ${response.status}`);
    return response;
  } catch (error) {
    if (slow.signal.aborted) throw new Error(`no answer within ${patienceMs / 1000} seconds`);
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

function sentenceOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? cause.message : message;
}
