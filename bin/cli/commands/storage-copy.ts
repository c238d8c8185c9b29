import path from "node:path";
import { AppError } from "#course/errors.ts";
import { sizeInWords } from "#grading/submissions/refusals/size-in-words.ts";
import { type Config, loadConfig } from "#infra/config/config.ts";
import { type CopiedFile, copyFiles } from "#infra/storage/copy-files.ts";
import { openFileStore } from "#infra/storage/open-file-store.ts";
import { CommandFailure, type ExitCode, exitCode } from "../exit.ts";
import type { Terminal } from "../terminal.ts";

const root = path.resolve(import.meta.dirname, "../../..");

/** `drydock storage copy`: brings every stored file from the disk to the bucket, or back; removes none. */
export async function storageCopy(
  terminal: Terminal,
  { to, dryRun }: { to: Config["files"]; dryRun: boolean },
): Promise<ExitCode> {
  // As for the other commands that look after a site: relative folders are those of the checkout.
  process.chdir(root);
  const config = loadConfig();
  const stores = [
    await openFileStore(config, to === "s3" ? "disk" : "s3"),
    await openFileStore(config, to),
  ] as const;
  const sums = new Map<CopiedFile["outcome"], { files: number; bytes: number }>();
  try {
    for await (const { key, bytes, outcome } of copyFiles(...stores, { dryRun })) {
      const sum = sums.get(outcome) ?? { files: 0, bytes: 0 };
      sums.set(outcome, { files: sum.files + 1, bytes: sum.bytes + bytes });
      if (outcome !== "was-there") terminal.out.write(`${words[outcome]} ${key}\n`);
    }
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw new CommandFailure(exitCode.platformFault, error.userMessage, { cause: error });
  }
  for (const [outcome, { files, bytes }] of sums) {
    terminal.out.write(
      `${files} ${files === 1 ? "file" : "files"} ${words[outcome]}, ${sizeInWords(bytes)}.\n`,
    );
  }
  if (sums.size === 0) terminal.out.write("There is no file to copy.\n");
  return sums.has("differs") ? exitCode.no : exitCode.ok;
}

const words: Record<CopiedFile["outcome"], string> = {
  copied: "copied",
  "was-there": "there already",
  differs: "different there",
  "would-be-copied": "to copy",
};
