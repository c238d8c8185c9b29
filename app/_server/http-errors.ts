import { randomUUID } from "node:crypto";
import { AppError } from "#course/errors.ts";
import type { RefusalCode } from "#grading/submissions/refusals/upload-refusal.ts";
import {
  type AwayEnd,
  databaseAwaySentence,
  databaseRetrySeconds,
  isDatabaseAway,
  isDatabaseNotReached,
} from "#infra/db/connection/database-away.ts";
import { StorageError } from "#infra/storage/storage-error.ts";

/** The one place where what went wrong becomes an HTTP answer: {error: {code, message}}. */
export interface HttpError {
  status: number;
  code: string;
  message: string;
  headers?: Record<string, string>;
}

/** The database does not answer. */
export const databaseAwayCode = "database-away";

/** AppErrors that a caller can act on; every other one is 422, or 503 when trying again may help. */
const statusOfCode: Record<string, number> = {
  "sign-in-needed": 401,
  "cross-site": 403,
  forbidden: 403,
  "not-found": 404,
  "exercise-not-found": 404,
  "bad-request": 400,
  "body-too-large": 413,
  "idempotency-key-reused": 409,
  "other-person": 409,
  "database-url-missing": 503,
};

const statusOfRefusal: Record<RefusalCode, number> = {
  "upload-cut-off": 400,
  "upload-too-slow": 400,
  "too-many-uploads": 429,
  "no-files": 400,
  "format-not-taken": 422,
  "not-released": 409,
  "deadline-passed": 409,
  "team-too-small": 409,
  "exercise-unreadable": 503,
  "person-storage-full": 413,
  "course-storage-full": 413,
  "too-large-packed": 413,
  "too-large-unpacked": 422,
  "too-many-entries": 422,
  "ratio-too-high": 422,
  "headers-too-large": 422,
  "entries-overlap": 422,
  "archive-too-slow": 422,
  "not-an-archive": 422,
  "empty-archive": 422,
  "path-outside": 422,
  "path-absolute": 422,
  "path-bad-name": 422,
  "entry-link": 422,
  "entry-device": 422,
  "entry-own-form": 422,
  "entry-duplicate": 422,
  "name-case-differs": 422,
  "archive-damaged": 422,
  "missing-required": 422,
};

/** A refused upload as an HTTP answer. */
export function refusalError(code: RefusalCode, message: string): HttpError {
  return { status: statusOfRefusal[code], code, message };
}

/** Too many at once; the next one is taken at opensAt. */
export function tooFastError(message: string, opensAt: Date, now: Date): HttpError {
  const seconds = Math.max(1, Math.ceil((opensAt.getTime() - now.getTime()) / 1000));
  return { status: 429, code: "too-many-submissions", message, headers: { "Retry-After": `${seconds}` } };
}

/**
 * What was thrown as an HTTP answer. A surprise says nothing of itself but a reference; `onSurprise` writes the
 * error under that reference to the log. acts: what was asked for would have changed something.
 */
export function toHttpError(
  error: unknown,
  onSurprise: (reference: string, error: unknown) => void,
  acts: boolean,
): HttpError {
  if (error instanceof AppError) {
    const status = statusOfCode[error.code] ?? (error.retryable ? 503 : 422);
    const headers: Record<string, string> = status === 401 ? { "WWW-Authenticate": "Bearer" } : {};
    return { status, code: error.code, message: error.userMessage, headers };
  }
  const reference = randomUUID();
  onSurprise(reference, error);
  if (isDatabaseAway(error)) {
    const headers = { "Retry-After": `${databaseRetrySeconds}` };
    return {
      status: 503,
      code: databaseAwayCode,
      message: databaseAwaySentence(endOf(error, acts)),
      headers,
    };
  }
  if (error instanceof StorageError) {
    return {
      status: 503,
      code: "storage-away",
      message: `Files cannot be stored or read at the moment. ${acts ? notStored : readLater} If it stays, tell staff the reference ${reference}.`,
      headers: { "Retry-After": "60" },
    };
  }
  return {
    status: 500,
    code: "internal",
    message: `Something went wrong on our side. Try again; if it stays, tell staff the reference ${reference}.`,
  };
}

/** An upload is stored before it is recorded, so one that could not be stored was not taken. */
const notStored =
  "Nothing of what you just sent was taken: send it again in a minute. What you handed in before is safe.";
const readLater = "Try again in a minute; what you handed in before is safe.";

/** A request that changes nothing, whatever became of it. */
export const readsOnly = ({ method }: { method?: string | undefined }) =>
  method === "GET" || method === "HEAD";

function endOf(error: unknown, acts: boolean): AwayEnd {
  if (!acts) return "reads";
  return isDatabaseNotReached(error) ? "not-done" : "unknown";
}

export function errorResponse(error: HttpError): Response {
  return Response.json(
    { error: { code: error.code, message: error.message } },
    { status: error.status, headers: error.headers },
  );
}
