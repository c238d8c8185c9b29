import { z } from "zod";
import { privateJson, seeOther, wantsPage } from "#app/_server/answer.ts";
import { errorResponse, refusalError, tooFastError } from "#app/_server/http-errors.ts";
import { route } from "#app/_server/route.ts";
import { openUpload } from "#app/_server/upload/open-upload.ts";
import { submitWork } from "#grading/submissions/submit-work.ts";
import { createSubmitPorts } from "#infra/db/submission-store.ts";

const exerciseRule =
  "Say in the address which exercise this is for, as ?exercise=course/assignment/exercise, such as tcss562-f2024/tutorial-7/docker-containers";

const params = z.object({
  /** course/assignment/exercise */
  exercise: z
    .string({ error: exerciseRule })
    .regex(/^[^/]+\/[^/]+\/[^/]+$/, exerciseRule)
    .transform((text) => text.split("/") as [string, string, string]),
  /** What a body that is not a form is called. */
  name: z.string().min(1).max(300).default("submission"),
});

/**
 * Hands work in: a multipart form with one archive or loose files, or an archive as the body. 201 with the receipt;
 * 200 when the same Idempotency-Key was seen before; a browser's form goes on to the run's page, or back to the
 * exercise with the refusal.
 */
export const POST = route(
  {
    permission: "exercise.submit",
    params,
    body: "stream",
    subject: ({ exercise: [course, assignment, exercise] }) => ({ course, assignment, exercise }),
  },
  async ({ request, body, params, actor, subject, services }) => {
    const upload = await openUpload(request, body, params.name);
    const result = await submitWork(createSubmitPorts(services), {
      userId: actor.userId,
      exerciseId: subject.exerciseId,
      files: upload.files,
      announcedBytes: Number(request.headers.get("content-length")) || null,
      idempotencyKey: upload.idempotencyKey,
      firstByteAt: await body.firstByteAt,
      lastByteAt: body.lastByteAt,
    });
    if (result.outcome === "refused") {
      const { code, message, refusalId } = result;
      services.log.info({ code, refusalId, userId: actor.userId }, "An upload was refused.");
      if (!wantsPage(request)) return errorResponse(refusalError(code, message));
      return seeOther(`/courses/${params.exercise.join("/")}?refusal=${refusalId}`);
    }
    if (result.outcome === "too-fast") {
      // The exercise's page says the same by itself.
      if (wantsPage(request)) return seeOther(`/courses/${params.exercise.join("/")}`);
      return errorResponse(tooFastError(result.message, result.opensAt, services.clock()));
    }
    const { submissionId, number, runId, receipt } = result;
    if (wantsPage(request)) return seeOther(`/runs/${runId}`);
    return privateJson(
      { submission: { id: submissionId, number }, run: { id: runId }, receipt },
      result.outcome === "accepted" ? 201 : 200,
    );
  },
);
