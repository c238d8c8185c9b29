import { compileAuthorPattern } from "../settings/author-pattern.ts";
import type { TextMatch } from "../settings/settings.ts";
import { quoteOutput } from "./quote-output.ts";

/** What a text must be, in words that end a sentence such as "It writes …". */
export function matchInWords(match: TextMatch): string {
  const parts: string[] = [];
  if (match.equals !== undefined) parts.push(`exactly ${quoteOutput(match.equals)}`);
  for (const piece of pieces(match)) parts.push(`${quoteOutput(piece)} somewhere`);
  if (match.regex !== undefined) parts.push(`text that matches /${match.regex}/`);
  return parts.join(" and ");
}

/** Whether the text is all that is asked. */
export function textMatches(match: TextMatch, text: string): boolean {
  if (match.equals !== undefined && normalize(text) !== normalize(match.equals)) return false;
  if (!pieces(match).every((piece) => text.includes(piece))) return false;
  return match.regex === undefined || compileAuthorPattern(match.regex).test(plainLines(text));
}

const pieces = (match: TextMatch) =>
  match.contains === undefined ? [] : typeof match.contains === "string" ? [match.contains] : match.contains;

/** Windows' line ends and white space at both ends say nothing about an answer. */
const normalize = (text: string) => plainLines(text).trim();
const plainLines = (text: string) => text.replaceAll("\r\n", "\n");
