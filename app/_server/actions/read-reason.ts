import { z } from "zod";
import { AppError } from "#course/errors.ts";
import { parseRequest } from "../parse-request.ts";

const body = z.object({
  reason: z
    .string()
    .trim()
    .max(500)
    .optional()
    .transform((text) => text || "No reason was given."),
});

/** Why somebody does this, for the audit: from a small JSON or form body, which may also be left out. */
export async function readReason(request: Request): Promise<string> {
  const type = request.headers.get("content-type") ?? "";
  if (/^application\/(json|.*\+json)\b/i.test(type)) {
    const parsed = await request.json().catch(() => {
      throw new AppError({
        code: "bad-request",
        userMessage: "The body is not JSON, although Content-Type says so.",
      });
    });
    return parseRequest(body, parsed).reason;
  }
  if (/^application\/x-www-form-urlencoded\b/i.test(type)) {
    return parseRequest(body, Object.fromEntries(new URLSearchParams(await request.text()))).reason;
  }
  return parseRequest(body, {}).reason;
}
