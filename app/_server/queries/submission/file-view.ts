import { imageTypeOf } from "#grading/submissions/archive/image-type.ts";
import type { FileHead } from "#grading/submissions/handed-in/read-heads.ts";
import { readText, shownBounds } from "#grading/submissions/handed-in/read-text.ts";
import type { HandedIn } from "#infra/archives/handed-in-files.ts";
import type { CodeLine } from "#infra/code/code-order.ts";
import type { Services } from "../../services.ts";

export type FileView =
  | {
      kind: "text";
      lines: CodeLine[];
      /** The file goes on where these end. */
      cut: boolean;
      /** Why it has no colours; null: it has, or its language is unknown. */
      plain: "too-long" | "too-slow" | null;
    }
  | { kind: "image"; type: string }
  | { kind: "binary" }
  /** message: what the archive's reader says of the whole submission. */
  | { kind: "unreadable"; message: string };

/** Bytes of an image that a page shows at most. */
const mostImageBytes = 5 * 1024 * 1024;
/** Of a text with colours: beyond that a page would be too heavy for its reader. */
const colouredBounds = { lines: 5000, characters: 200 * 1024 };

/** What is in one file of a submission; the path is one of its list. */
export async function readFileView(
  services: Pick<Services, "handedIn" | "code">,
  readerId: string,
  stored: HandedIn,
  file: { path: string; language: string | null },
): Promise<FileView> {
  const read = await services.handedIn.heads(readerId, stored, [file.path]);
  if (read.outcome === "unreadable") return { kind: "unreadable", message: read.message };
  const [found] = read.heads;
  if (found === undefined) throw new Error(`${stored.submissionId} was read without the file asked for.`);
  const type = found.bytes <= mostImageBytes ? imageTypeOf(found.head) : null;
  if (type !== null) return { kind: "image", type };
  const text = textOf(found);
  if (text.kind === "binary") return text;
  return {
    kind: "text",
    cut: text.cut,
    ...(await colour(services.code, readerId, text.lines, file.language)),
  };
}

export const textOf = ({ head, bytes }: FileHead) => readText(head.subarray(0, shownBounds.bytes), bytes);

/** Lines with their colours, where the language is known and they are not too many. */
export async function colour(
  code: Services["code"],
  readerId: string,
  lines: readonly string[],
  language: string | null,
): Promise<{ lines: CodeLine[]; plain: "too-long" | "too-slow" | null }> {
  const plain = (): CodeLine[] => lines.map((line) => [[line, ""]]);
  if (language === null) return { lines: plain(), plain: null };
  const characters = lines.reduce((sum, line) => sum + line.length + 1, 0);
  if (lines.length > colouredBounds.lines || characters > colouredBounds.characters)
    return { lines: plain(), plain: "too-long" };
  const coloured = await code.highlight(readerId, lines, language);
  return coloured === null ? { lines: plain(), plain: "too-slow" } : { lines: coloured, plain: null };
}
