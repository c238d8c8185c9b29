import type { CheckOutcome } from "../protocol/messages.ts";
import type { SolutionExpectation } from "./exercise-file.ts";

/**
 * Where a failed check said something else than the solution states, as sentences: each names the check, the words that
 * were expected and what it said. Case and the kind of white space make no difference.
 */
export function compareAdvice(
  { advice = {} }: Pick<SolutionExpectation, "advice">,
  checks: readonly Pick<CheckOutcome, "id" | "verdict" | "message">[],
): string[] {
  return checks.flatMap(({ id, verdict, message }) => {
    const words = advice[id];
    // Another verdict than stated is told by itself.
    if (words === undefined || verdict !== "failed") return [];
    const said = `${message.happened} ${message.fix}`;
    return plain(said).includes(plain(words))
      ? []
      : [`${id} is to advise “${words}” and said: ${said.replace(/\s+/g, " ").trim()}`];
  });
}

const plain = (text: string) => text.replace(/\s+/g, " ").trim().toLowerCase();
