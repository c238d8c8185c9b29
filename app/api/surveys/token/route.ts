import { z } from "zod";
import { privateJson } from "#app/_server/answer.ts";
import { errorResponse } from "#app/_server/http-errors.ts";
import { parseRequest } from "#app/_server/parse-request.ts";
import { route } from "#app/_server/route.ts";
import { surveyRefusals } from "#course/surveys/survey-refusals.ts";
import { completeSurvey } from "#infra/db/surveys/complete-survey.ts";

const body = z.object({ blinded: z.base64().max(2_000) });

/**
 * Records that the caller completed the survey of a class and signs what their browser blinded; what it signs, nobody
 * can tell from the answers. The same again gives the same.
 */
export const POST = route(
  {
    permission: "survey.complete",
    params: z.object({ course: z.string(), number: z.coerce.number().int().min(1).max(200) }),
    subject: ({ course }) => ({ course }),
  },
  async ({ request, params, actor, subject, services }) => {
    const { blinded } = parseRequest(body, await request.json().catch(() => null));
    const outcome = await completeSurvey(services, {
      ...{ courseId: subject.courseId, classNumber: params.number, userId: actor.userId },
      blinded: Buffer.from(blinded, "base64"),
    });
    if (outcome.outcome === "refused") {
      const { code } = outcome;
      return errorResponse({ status: 409, code, message: surveyRefusals[code] });
    }
    return privateJson({ signature: outcome.signature.toString("base64"), late: outcome.late });
  },
);
