import type { CheckMessage } from "../../../../protocol/messages.ts";
import type { CheckVerdict } from "../define-check.ts";

/** One of several things that a check looks at; problem is null when it holds. */
export interface Part {
  /** What must hold, in a sentence without its full stop. */
  expected: string;
  problem: { happened: string; fix: string } | null;
}

/**
 * The verdict over all parts: passed when all hold; else failed with each broken part told, and, when partial credit
 * is given, the points of the parts that hold.
 */
export function judgeParts(parts: Part[], partial: boolean, maxPoints: number, passed: string): CheckVerdict {
  const broken = parts.filter((part) => part.problem !== null);
  if (broken.length === 0) {
    const expected = sentences(parts.map((part) => part.expected));
    return { verdict: "passed", message: { expected, happened: passed, fix: "" } };
  }
  const kept = parts.length - broken.length;
  const message: CheckMessage = {
    expected: sentences(broken.map((part) => part.expected)),
    happened: broken.map((part) => part.problem?.happened ?? "").join("\n"),
    fix: [...new Set(broken.map((part) => part.problem?.fix ?? ""))].join("\n"),
  };
  return { verdict: "failed", message, points: partial ? (maxPoints * kept) / parts.length : 0 };
}

/** A question keeps its own mark. */
const sentences = (texts: string[]) =>
  texts.map((text) => (text.endsWith("?") ? text : `${text}.`)).join("\n");
