import { judgeArrival } from "#course/deadlines/effective-deadline.ts";
import { receptionTime, type Sending } from "#course/deadlines/reception-time.ts";
import { AppError } from "#course/errors.ts";
import { newId } from "#course/ids.ts";
import { checkRequiredFiles } from "./archive/check-required-files.ts";
import {
  type NewSubmission,
  NotRecorded,
  type RecordedSubmission,
  type SubmitPorts,
  type SubmitTarget,
} from "./ports.ts";
import { type ReceivedFiles, receiveFiles, type UploadProgress } from "./receive-files.ts";
import { UploadRefusal } from "./refusals/upload-refusal.ts";
import { mayKnow, refuseArrival } from "./refuse-arrival.ts";
import { formBytes, refuseWithoutRoom } from "./storage-quota.ts";
import type { SubmitInput, SubmitOutcome } from "./submission-types.ts";
import type { TakenWork } from "./taken-work.ts";
import { nextUploadAt, tooFastSentence } from "./upload-pace.ts";
import type { UploadPlace } from "./uploads-under-way.ts";

/**
 * Takes an upload: stores it while hashing, checks every rule, then writes submission, receipt and queued run in one
 * transaction. A refusal stores nothing but itself, for staff. Throws AppError when there is no such exercise, as far
 * as the sender may know, or when the key was used for another one; any other throw is trouble of ours, and the
 * upload may be repeated.
 */
export async function submitWork(ports: SubmitPorts, input: SubmitInput): Promise<SubmitOutcome> {
  const target = await ports.store.findTarget(input.exerciseId, input.userId);
  if (target === null || !mayKnow(target, input.firstByteAt)) throw noSuchExercise();
  const earlier = await findEarlier(ports, input);
  if (earlier !== null) return outcomeOf("repeated", earlier);
  const opensAt = nextUploadAt(target.received, input.firstByteAt);
  if (opensAt !== null) return tooFast(opensAt, input.firstByteAt);

  const progress: UploadProgress = { ...nothingReceived, wholeBytes: input.announcedBytes };
  let receivedAt = input.firstByteAt;
  const submissionId = newId("sub", ports.clock());
  const storageKey = `submissions/${submissionId}`;
  let place: UploadPlace | null = null;
  try {
    const spec = refuseArrival(target, receivedAt);
    place = await enter(ports, input, target, spec);
    const meanwhile = place.waited ? await findEarlier(ports, input) : null;
    if (meanwhile !== null) return outcomeOf("repeated", meanwhile);
    const admit = await openRoom(ports, input, place);
    const received = await receiveFiles(ports.files, storageKey, input.files, spec, progress, admit);
    place.arrivedWhole();
    const sending = { firstByteAt: input.firstByteAt, lastByteAt: input.lastByteAt() };
    receivedAt = receptionTime(sending);
    const arrival = { userId: input.userId, receivedAt, firstByteAt: input.firstByteAt };
    const files = await listFiles(ports, storageKey, received, target, arrival);
    const stored = { submissionId, storageKey, received, files, receivedAt, sending };
    const submission = await describe(ports, input, target, stored);
    return await record(ports, submission);
  } catch (error) {
    if (!(error instanceof UploadRefusal)) throw error;
    return await refuse(ports, input, error, receivedAt, progress);
  } finally {
    place?.leave();
  }
}

/** Refuses an upload of which nothing was read. Throws AppError like submitWork. */
export async function refuseUnread(
  ports: SubmitPorts,
  sender: { userId: string; exerciseId: string },
  refusal: UploadRefusal,
): Promise<SubmitOutcome> {
  const now = ports.clock();
  const target = await ports.store.findTarget(sender.exerciseId, sender.userId);
  if (target === null || !mayKnow(target, now)) throw noSuchExercise();
  return refuse(ports, sender, refusal, now, nothingReceived);
}

const nothingReceived: UploadProgress = { fileName: "(nothing received)", bytes: 0, wholeBytes: null };

async function refuse(
  { store }: SubmitPorts,
  { userId, exerciseId }: { userId: string; exerciseId: string },
  { code, message }: UploadRefusal,
  receivedAt: Date,
  progress: UploadProgress,
): Promise<SubmitOutcome> {
  const refusalId = await store.recordRefusal({ exerciseId, userId, receivedAt, ...progress, code, message });
  return { outcome: "refused", refusalId, code, message };
}

/** Throws UploadRefusal when as many uploads are under way as may be. */
function enter(
  { uploads }: SubmitPorts,
  { userId, idempotencyKey, announcedBytes, giveUp }: SubmitInput,
  target: SubmitTarget,
  { limits }: TakenWork,
): Promise<UploadPlace> {
  const [course = ""] = target.path.split("/");
  const reservedBytes = Math.min(announcedBytes ?? limits.packedBytes, limits.packedBytes);
  return uploads.enter({
    ...{ userId, course, idempotencyKey, reservedBytes },
    giveUp: () => giveUp?.(sentAgain()),
  });
}

const sentAgain = () =>
  new UploadRefusal(
    "upload-cut-off",
    "This upload was sent again while it was still under way, so it was given up and the newer one is taken.",
  );

async function findEarlier(ports: SubmitPorts, input: SubmitInput): Promise<RecordedSubmission | null> {
  if (input.idempotencyKey === null) return null;
  const earlier = await ports.store.findByKey(input.userId, input.idempotencyKey);
  if (earlier !== null && earlier.exerciseId !== input.exerciseId) throw keyUsedElsewhere();
  return earlier;
}

/**
 * Gives what throws UploadRefusal for more bytes than there is room for beside what is stored and what others bring
 * at the same time, called with how many have arrived. Throws it at once when the sender announces more.
 */
async function openRoom(
  { store, quotas }: SubmitPorts,
  input: SubmitInput,
  place: UploadPlace,
): Promise<(bytes: number) => void> {
  const stored = await store.storageUse(input.exerciseId, input.userId);
  const admit = (bytes: number) => {
    const others = place.others();
    const use = { person: stored.person + others.person, course: stored.course + others.course };
    refuseWithoutRoom(quotas, use, bytes);
  };
  admit(Math.max(1, (input.announcedBytes ?? 0) - formBytes));
  return (bytes) => {
    place.arrived(bytes);
    admit(bytes);
  };
}

/**
 * Throws UploadRefusal, after removing the bytes, when what arrived came too slowly, breaks a rule of archives or
 * lacks a file.
 */
async function listFiles(
  ports: SubmitPorts,
  storageKey: string,
  received: ReceivedFiles,
  target: SubmitTarget,
  { userId, receivedAt, firstByteAt }: { userId: string; receivedAt: Date; firstByteAt: Date },
): Promise<NewSubmission["files"]> {
  try {
    const { limits, requiredFiles } = refuseArrival(target, receivedAt, firstByteAt);
    const { fileName } = received;
    const read = await ports.files.withLocalFile(storageKey, (file) =>
      ports.listArchive({ userId, file, fileName, limits, requiredFiles }),
    );
    if (read.outcome === "refused") throw new UploadRefusal(read.code, read.message);
    const complete = checkRequiredFiles(read.files, requiredFiles);
    if (complete.outcome === "refused") throw new UploadRefusal(complete.code, complete.message);
    return read.files.map(({ path, bytes }) => ({ path, bytes }));
  } catch (error) {
    await ports.files.delete(storageKey);
    throw error;
  }
}

async function describe(
  ports: SubmitPorts,
  input: SubmitInput,
  target: SubmitTarget,
  stored: {
    submissionId: string;
    storageKey: string;
    received: ReceivedFiles;
    files: NewSubmission["files"];
    receivedAt: Date;
    sending: Sending;
  },
): Promise<NewSubmission> {
  const { received, submissionId, receivedAt, sending } = stored;
  const { deadline, exerciseVersionId } = target;
  const { dueAt } = deadline;
  const arrival = judgeArrival(deadline, receivedAt);
  const late = arrival.outcome === "accepted" && arrival.late;
  const now = ports.clock();
  const receiptJws = await ports.receiptSigner.sign({
    sub: submissionId,
    person: { id: input.userId, email: target.member.email },
    ...received,
    exercise: target.path,
    receivedAt: receivedAt.toISOString(),
    firstByteAt: sending.firstByteAt.toISOString(),
    lastByteAt: sending.lastByteAt.toISOString(),
    dueAt: dueAt?.toISOString() ?? null,
    late,
  });
  return {
    submissionId,
    run: exerciseVersionId === null ? null : { id: newId("run", now), exerciseVersionId },
    exerciseId: target.exerciseId,
    userId: input.userId,
    idempotencyKey: input.idempotencyKey,
    ...received,
    files: stored.files,
    storageKey: stored.storageKey,
    receivedAt,
    dueAt,
    late,
    receiptJws,
    queuedAt: now,
  };
}

/**
 * After a throw the bytes stay, unless it is certain that nothing was recorded: the commit may have happened although
 * its answer was lost, and an accepted submission without its bytes would be the worse end. If it did not, the sweep
 * of files removes them.
 */
async function record(ports: SubmitPorts, submission: NewSubmission): Promise<SubmitOutcome> {
  const recorded = await ports.store.record(submission).catch(async (error: unknown) => {
    const nothingKept = error instanceof UploadRefusal || error instanceof NotRecorded;
    if (nothingKept) await ports.files.delete(submission.storageKey);
    throw error;
  });
  if (recorded.outcome === "too-fast") {
    // Others of this student arrived meanwhile.
    await ports.files.delete(submission.storageKey);
    return tooFast(recorded.opensAt, submission.receivedAt);
  }
  if (recorded.outcome === "repeated") {
    await ports.files.delete(submission.storageKey);
    if (recorded.exerciseId !== submission.exerciseId) throw keyUsedElsewhere();
    return outcomeOf("repeated", recorded);
  }
  if (recorded.runId !== null) await ports.queueRun(recorded.runId);
  return outcomeOf("accepted", recorded);
}

function outcomeOf(outcome: "accepted" | "repeated", recorded: RecordedSubmission): SubmitOutcome {
  const { submissionId, number, runId, sha256, receivedAt, dueAt, late, receiptJws } = recorded;
  const receipt = { submissionId, sha256, receivedAt, dueAt, late, jws: receiptJws };
  return { outcome, submissionId, number, runId, receipt };
}

function tooFast(opensAt: Date, now: Date): SubmitOutcome {
  return { outcome: "too-fast", opensAt, message: tooFastSentence(opensAt, now) };
}

function noSuchExercise() {
  return new AppError({
    code: "exercise-not-found",
    userMessage: "There is no such exercise to submit to; look at the course's page for the ones there are.",
  });
}

function keyUsedElsewhere() {
  return new AppError({
    code: "idempotency-key-reused",
    userMessage:
      "This Idempotency-Key was already used for a submission to another exercise; send a new key with each new submission.",
  });
}
