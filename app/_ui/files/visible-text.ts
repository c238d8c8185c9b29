import { codePointName } from "../format.ts";

/** What changes how other characters are read without being seen, and what no text should hold; a tab is ordinary. */
const unseen =
  /(?!\t)[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\u2028\u2029\ufffe\uffff]/u;
const unseenRuns = new RegExp(`(${unseen.source})`, "u");

const names = new Map<number, string>([
  [0x00ad, "soft hyphen"],
  [0x200b, "zero-width space"],
  [0x200c, "zero-width non-joiner"],
  [0x200d, "zero-width joiner"],
  [0x200e, "left-to-right mark"],
  [0x200f, "right-to-left mark"],
  [0x061c, "Arabic letter mark"],
  [0x202a, "left-to-right embedding"],
  [0x202b, "right-to-left embedding"],
  [0x202c, "end of direction"],
  [0x202d, "left-to-right override"],
  [0x202e, "right-to-left override"],
  [0x2066, "left-to-right isolate"],
  [0x2067, "right-to-left isolate"],
  [0x2068, "isolate"],
  [0x2069, "end of isolate"],
  [0x2060, "word joiner"],
  [0xfeff, "byte order mark"],
  [0x001b, "escape"],
  [0x0000, "zero byte"],
]);

export type TextPart =
  | { kind: "text"; text: string }
  /** code: such as U+202E; name: in words. */
  | { kind: "mark"; character: string; code: string; name: string };

/** A text cut where it holds characters that cannot be seen. */
export function visibleParts(text: string): TextPart[] {
  if (!unseen.test(text)) return text === "" ? [] : [{ kind: "text", text }];
  return text
    .split(unseenRuns)
    .filter((part) => part !== "")
    .map((part): TextPart => {
      if (!unseen.test(part)) return { kind: "text", text: part };
      const name = names.get(part.codePointAt(0) ?? 0) ?? "invisible character";
      return { kind: "mark", character: part, code: codePointName(part), name };
    });
}

/** The same as plain text, for names and titles: U+202E in brackets where it stands. */
export const visibleText = (text: string): string =>
  visibleParts(text)
    .map((part) => (part.kind === "text" ? part.text : `[${part.code}]`))
    .join("");
