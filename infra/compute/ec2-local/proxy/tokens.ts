import { createHash } from "node:crypto";
import { ApiFailure } from "./api-failure.ts";
import { type Form, printForm } from "./form.ts";

/**
 * The same request under the same client token has the same answer, also while the first is still being made; another
 * request under it is refused. A request that failed is not remembered.
 */
export function createTokens<T>() {
  const seen = new Map<string, { hash: string; answer: Promise<T> }>();
  return {
    async once(form: Form, make: () => Promise<T>): Promise<{ answer: T; again: boolean }> {
      const { ClientToken: token, ...rest } = form;
      if (typeof token !== "string") return { answer: await make(), again: false };
      if (Buffer.byteLength(token) > 64) {
        throw new ApiFailure("InvalidParameterValue", "The client token may have at most 64 characters.");
      }
      const parameters = printForm(rest);
      parameters.sort();
      const hash = createHash("sha256").update(parameters.toString()).digest("hex");
      const known = seen.get(token);
      if (known) {
        if (known.hash !== hash) {
          throw new ApiFailure(
            "IdempotentParameterMismatch",
            "Arguments on this idempotent request are inconsistent with arguments used in previous request(s).",
          );
        }
        return { answer: await known.answer, again: true };
      }
      const answer = make();
      seen.set(token, { hash, answer });
      try {
        return { answer: await answer, again: false };
      } catch (error) {
        seen.delete(token);
        throw error;
      }
    },
    clear: () => seen.clear(),
  };
}
