import type { ExerciseSpec, SubmissionLimits } from "../exercises/spec/spec.ts";
import { submissionLimits } from "../exercises/spec/spec.ts";
import type { ArchiveFormat } from "./archive/format-of-bytes.ts";

/** What an exercise takes: by its spec where a machine grades it, by collectedWork where nothing does. */
export interface TakenWork extends Pick<ExerciseSpec, "limits" | "requiredFiles"> {
  /** One archive of these and nothing else; null or left out: loose files, or any archive that can be read. */
  formats?: readonly ArchiveFormat[] | null;
}

/** As course.yaml and the exercise's row say it. */
export interface Collecting {
  formats: readonly string[];
  maxMegabytes: number;
}

export const collectFormats = ["tar.gz", "zip", "tar"] as const satisfies ArchiveFormat[];
/** More than any source code has, and less than would hurt whoever looks at it. */
const mostEntries = 20_000;
const unpackedTimes = 10;

/** The rules for work that is only collected: no file of a name is asked for. */
export function collectedWork({ formats, maxMegabytes }: Collecting): TakenWork {
  const packedBytes = maxMegabytes * 1024 * 1024;
  const limits: SubmissionLimits = submissionLimits.parse({
    ...{ packedBytes, unpackedBytes: packedBytes * unpackedTimes, entries: mostEntries },
  });
  const known = collectFormats.filter((format) => formats.includes(format));
  return { limits, requiredFiles: [], formats: known.length === 0 ? null : known };
}

/** "one tar.gz or zip" */
export const formatsInWords = (formats: readonly string[]): string => `one ${formats.join(" or ")}`;
