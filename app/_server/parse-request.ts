import type { z } from "zod";
import { AppError } from "#course/errors.ts";

/**
 * What a caller sent, held against its schema. Throws AppError bad-request, so that only a caller's mistake is
 * answered as one: a row of ours that does not fit its schema is our own trouble, and goes to the log.
 */
export function parseRequest<Schema extends z.ZodType>(schema: Schema, sent: unknown): z.output<Schema> {
  const parsed = schema.safeParse(sent);
  if (parsed.success) return parsed.data;
  const why = parsed.error.issues.map(({ path, message }) => {
    const where = path.length === 0 ? "" : `In “${path.join(".")}”: `;
    return `${where}${/[.!?]$/.test(message) ? message : `${message}.`}`;
  });
  throw new AppError({ code: "bad-request", userMessage: `The request is not understood. ${why.join(" ")}` });
}
