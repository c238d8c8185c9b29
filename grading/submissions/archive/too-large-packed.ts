import { sizeInWords } from "../refusals/size-in-words.ts";
import { showName } from "./entry-path.ts";

/**
 * Why an upload that is too large is not taken, in one sentence. fileName: null for several files. bytes: null when
 * the reading ended at the limit and nobody said how many there are.
 */
export function tooLargePacked(fileName: string | null, bytes: number | null, mostBytes: number): string {
  const name = fileName === null ? "The upload" : showName(fileName);
  if (bytes === null) {
    return `${name} has more than ${sizeInWords(mostBytes)}, the most this exercise takes; leave out large files.`;
  }
  const words = sizeInWords(bytes) === sizeInWords(mostBytes) ? inBytes : sizeInWords;
  return `${name} has ${words(bytes)}; this exercise takes at most ${words(mostBytes)}; leave out large files.`;
}

/** Of sizes that differ by less than words show. */
const inBytes = (bytes: number) => `${bytes.toLocaleString("en-US")} bytes`;
