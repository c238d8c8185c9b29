import { RE2JS } from "re2js";

/** More would take long on the largest text, although never longer than in proportion to it. */
const maxProgramSize = 2000;

/** What JavaScript's regular expressions have and the engine that never goes back has not. */
const lacking: { written: RegExp; name: string; instead: string }[] = [
  {
    written: /\(\?<[=!]/,
    name: "a look-behind",
    instead: "match what stands before as well, such as \\bport (8080) instead of (?<=port )8080",
  },
  {
    written: /\(\?[=!]/,
    name: "a look-ahead",
    instead: "state what must follow as part of the pattern, or ask for two pieces of text with contains",
  },
  {
    written: /\\(?:[1-9]|k<)/,
    name: "a back-reference",
    instead: "write out each text that may be repeated, such as (a.*a|b.*b) instead of (a|b).*\\1",
  },
];

/**
 * A pattern of an exercise's author: it meets text of students', so it runs on an engine that takes time in
 * proportion to the text, whatever both are. JavaScript's syntax less look-around and back-references, with ^ and $
 * at every line. Throws for a pattern that authorPatternProblem names a problem of.
 */
export function compileAuthorPattern(source: string): RE2JS {
  return RE2JS.compile(RE2JS.translateRegExp(source), RE2JS.MULTILINE);
}

/** Why a pattern cannot be used, for its author, without a full stop; null when it can. */
export function authorPatternProblem(source: string): string | null {
  try {
    new RegExp(source, "mu");
  } catch (error) {
    return `this is no regular expression: ${reasonOf(error)}`;
  }
  try {
    // The translation would drop the backslash.
    if (/\\k</.test(withoutEscapes(source))) throw new Error("\\k");
    if (compileAuthorPattern(source).programSize() <= maxProgramSize) return null;
    return "this regular expression repeats too much too often to be matched quickly; use smaller numbers in { }";
  } catch (error) {
    const feature = lacking.find(({ written }) => written.test(withoutEscapes(source)));
    return feature
      ? `this regular expression has ${feature.name}, which text of students' is not matched with, for it can take hours; ${feature.instead}`
      : `this regular expression cannot be matched in time: ${reasonOf(error)}`;
  }
}

/** Escaped backslashes and brackets are text, not what they begin. */
const withoutEscapes = (source: string) => source.replaceAll(/\\[\\()[\]?]/g, "");

const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
