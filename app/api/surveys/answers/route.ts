import { z } from "zod";
import { privateJson } from "#app/_server/answer.ts";
import { errorResponse } from "#app/_server/http-errors.ts";
import { parseRequest } from "#app/_server/parse-request.ts";
import { route } from "#app/_server/route.ts";
import type { Services } from "#app/_server/services.ts";
import { AppError } from "#course/errors.ts";
import { surveyRefusals } from "#course/surveys/survey-refusals.ts";
import { takeAnswers } from "#infra/db/surveys/take-answers.ts";

const body = z.object({
  key: z.string().regex(/^svk_[0-9a-z]{26}$/),
  message: z.base64().max(200),
  signature: z.base64().max(1_000),
  answers: z.record(z.string().max(40), z.unknown()),
});

/**
 * Takes answers with a token, from nobody in particular: no cookie is looked at, nobody is asked who they are, and
 * nothing of the request reaches a log, not even when it fails.
 */
export const POST = route(
  { permission: "site.view", params: z.object({}) },
  async ({ request, services }) => {
    const {
      key: keyId,
      message,
      signature,
      answers,
    } = parseRequest(body, await request.json().catch(() => null));
    const outcome = await takeOrForget(services, {
      ...{ keyId, answers },
      message: Buffer.from(message, "base64"),
      signature: Buffer.from(signature, "base64"),
    });
    if (outcome.outcome === "refused") {
      const { code } = outcome;
      return errorResponse({ status: 409, code, message: outcome.message ?? surveyRefusals[code] });
    }
    return privateJson({ taken: true }, 201);
  },
);

/** An error would be logged with its time, and might quote what was sent: it is thrown away, and the browser tries again. */
async function takeOrForget(services: Services, sent: Parameters<typeof takeAnswers>[1]) {
  try {
    return await takeAnswers(services, sent);
  } catch {
    throw new AppError({
      code: "answers-not-taken",
      userMessage:
        "The answers could not be taken at the moment; your browser keeps them and sends them again.",
      retryable: true,
    });
  }
}
