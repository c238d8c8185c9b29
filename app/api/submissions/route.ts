import { z } from "zod";
import { privateJson, seeOther, wantsPage } from "#app/_server/answer.ts";
import type { ArrivingBody } from "#app/_server/body/arriving-body.ts";
import { errorResponse, refusalError, tooFastError } from "#app/_server/http-errors.ts";
import { route } from "#app/_server/route.ts";
import type { Services } from "#app/_server/services.ts";
import { beginUpload } from "#app/_server/upload/open-upload.ts";
import { refuseOtherPerson } from "#app/_server/upload/other-person.ts";
import { exercisePathOf, handedInPath } from "#app/_ui/addresses.ts";
import { UploadRefusal } from "#grading/submissions/refusals/upload-refusal.ts";
import type { SubmitOutcome } from "#grading/submissions/submission-types.ts";
import { refuseUnread, submitWork } from "#grading/submissions/submit-work.ts";
import type { UploadBegun } from "#grading/submissions/uploads-under-way.ts";
import { createSubmitPorts } from "#infra/db/submissions/submission-store.ts";

const exerciseRule =
  "Say in the address which exercise this is for, as ?exercise=course/assignment/exercise, such as tcss562-f2024/tutorial-7/docker-containers";

/** course/assignment/exercise */
const exercise = z
  .string({ error: exerciseRule })
  .regex(/^[^/]+\/[^/]+\/[^/]+$/, exerciseRule)
  .transform((text) => text.split("/") as [string, string, string]);

const params = z.object({
  exercise,
  /** The id of whom the page was opened for; a program leaves it out. */
  person: z.string().max(100).optional(),
  /** What a body that is not a form is called. */
  name: z.string().min(1).max(300).default("submission"),
});

interface Submitted {
  request: Request;
  body: ArrivingBody;
  params: z.output<typeof params>;
  userId: string;
  subject: { exerciseId: string };
}

/**
 * Hands work in: a multipart form with one archive or loose files, or an archive as the body. 201 with the receipt;
 * 200 when the same Idempotency-Key was seen before; a browser's form goes on to the run's page, or the submission's where nothing grades it (run: null), or back to the
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
    refuseOtherPerson(params.person ?? null, actor);
    const { userId } = actor;
    const result = await submit(services, { request, body, params, userId, subject });
    if (result.outcome === "refused") {
      const { code, message, refusalId } = result;
      services.log.info({ code, refusalId, userId }, "An upload was refused.");
      if (!wantsPage(request)) return errorResponse(refusalError(code, message));
      return seeOther(`${exercisePathOf(params.exercise.join("/"))}?refusal=${refusalId}`);
    }
    if (result.outcome === "too-fast") {
      // The exercise's page says the same by itself.
      if (wantsPage(request)) return seeOther(exercisePathOf(params.exercise.join("/")));
      return errorResponse(tooFastError(result.message, result.opensAt, services.clock()));
    }
    const { submissionId, number, runId, receipt } = result;
    if (wantsPage(request)) return seeOther(handedInPath(submissionId, runId));
    return privateJson(
      { submission: { id: submissionId, number }, run: runId && { id: runId }, receipt },
      result.outcome === "accepted" ? 201 : 200,
    );
  },
);

/**
 * What became of an upload of the caller's with this Idempotency-Key, such as one whose answer was lost by a reload:
 * {state: "arrived", submission, run}, "under-way" while it is taken or checked, or "not-arrived".
 */
export const GET = route(
  {
    permission: "exercise.submit",
    params: z.object({ exercise, key: z.string().min(1).max(200) }),
    subject: ({ exercise: [course, assignment, exercise] }) => ({ course, assignment, exercise }),
  },
  async ({ params: { key }, actor: { userId }, subject, services }) => {
    // Asked before the database is: what has left it since is recorded by then.
    const underWay = services.uploads.isUnderWay(userId, key);
    const found = await createSubmitPorts(services).store.findByKey(userId, key);
    if (found?.exerciseId === subject.exerciseId) {
      const { submissionId, number, runId } = found;
      return privateJson({
        state: "arrived",
        submission: { id: submissionId, number },
        run: runId && { id: runId },
      });
    }
    return privateJson({ state: underWay ? "under-way" : "not-arrived" });
  },
);

async function submit(
  services: Services,
  { request, body, params, userId, subject }: Submitted,
): Promise<SubmitOutcome> {
  const ports = createSubmitPorts(services);
  const { exerciseId } = subject;
  // Before anything of the body is waited for: nobody else's upload waits for what one person never sends.
  const begun = begin(services, userId);
  if (begun instanceof UploadRefusal) return refuseUnread(ports, { userId, exerciseId }, begun);
  try {
    const { files, idempotencyKey, firstByteAt } = await beginUpload(request, body, params.name);
    begun.opened();
    const { giveUp, lastByteAt } = body;
    const announcedBytes = Number(request.headers.get("content-length")) || null;
    return await submitWork(ports, {
      ...{ userId, exerciseId, files, announcedBytes, idempotencyKey, firstByteAt, lastByteAt, giveUp },
    });
  } finally {
    begun.leave();
  }
}

/** The place of one more upload of this person's, or why there is none. */
function begin({ uploads }: Services, userId: string): UploadRefusal | UploadBegun {
  try {
    return uploads.begin(userId);
  } catch (error) {
    if (error instanceof UploadRefusal) return error;
    throw error;
  }
}
