"use client";

import type { RefusalCode } from "#grading/submissions/refusals/upload-refusal.ts";
import { handedInPath } from "../addresses.ts";
import type { DroppedWork } from "./dropped-work.ts";
import type { Owner } from "./kept-work.ts";

export type SendOutcome =
  /** page: where to go on. */
  | { outcome: "accepted"; page: string }
  /** The server's own sentence. */
  | { outcome: "refused"; code: string; message: string }
  /** Nobody is signed in any more; nothing was taken. */
  | { outcome: "signed-out" }
  /** Somebody else is signed in; nothing was taken. */
  | { outcome: "other-person"; message: string }
  /** It was not taken, or nobody knows whether: sending the same drop again is safe. */
  | { outcome: "broken"; message: string }
  /** A file is not what it was when it was chosen. */
  | { outcome: "changed"; message: string }
  | { outcome: "stopped" };

interface Sending {
  done: Promise<SendOutcome>;
  stop(): void;
}

/** Where work of this owner's is posted; the server takes it under no other name. */
export const uploadPath = ({ person, exercise }: Owner) =>
  `/api/submissions?exercise=${encodeURIComponent(exercise)}&person=${encodeURIComponent(person)}`;

/**
 * Sends the work to POST /api/submissions. XMLHttpRequest, because fetch tells nothing of how much has been sent.
 * onProgress: share in [0, 1] of the bytes that have left the browser.
 */
export function sendWork(owner: Owner, work: DroppedWork, onProgress: (share: number) => void): Sending {
  const request = new XMLHttpRequest();
  const done = new Promise<SendOutcome>((resolve) => {
    request.open("POST", uploadPath(owner));
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("Idempotency-Key", work.key);
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    };
    request.onload = () => resolve(readAnswer(request.status, request.responseText));
    request.onabort = () => resolve({ outcome: "stopped" });
    request.onerror = () => void explainBreak(work).then(resolve);
    const form = new FormData();
    for (const { path, file } of work.files) form.append("files", file, path);
    request.send(form);
  });
  return { done, stop: () => request.abort() };
}

/** A browser breaks an upload off in the same way when a file has changed on the disk and when the line is gone. */
async function explainBreak(work: DroppedWork): Promise<SendOutcome> {
  for (const { path, file } of work.files) {
    try {
      await file.slice(0, 1).arrayBuffer();
    } catch {
      return {
        outcome: "changed",
        message: `"${path}" was changed, moved or removed since you chose it: choose your files again.`,
      };
    }
  }
  return {
    outcome: "broken",
    message: navigator.onLine
      ? "The connection broke before the server answered. Your files stay here: press Submit to send them again; the same upload counts once."
      : "This computer is offline. Your files stay here: press Submit once it is back; the same upload counts once.",
  };
}

/** What an answer of POST /api/submissions says. */
export function readAnswer(status: number, text: string): SendOutcome {
  const json = parseJson(text);
  const page = pageOf(json);
  if (status < 300 && page !== null) return { outcome: "accepted", page };
  const code = textAt(json, "error", "code");
  const message = textAt(json, "error", "message");
  if (code === null || message === null) {
    return {
      outcome: "broken",
      message: `The server answered ${status} with nothing this page understands. Send it again: the same upload counts once.`,
    };
  }
  if (code === "sign-in-needed") return { outcome: "signed-out" };
  if (code === "other-person") return { outcome: "other-person", message };
  // Of trouble on the server's side, which is no word about the work.
  if (status >= 500 && code !== unreadable)
    return { outcome: "broken", message: `${sentenceOf(code, message)} The same upload counts once.` };
  return { outcome: "refused", code, message };
}

function pageOf(json: unknown): string | null {
  const submission = textAt(json, "submission", "id");
  return submission && handedInPath(submission, textAt(json, "run", "id"));
}

/** What became of an upload with this key, as the server knows; null when it does not answer. */
export async function askArrival(
  { exercise }: Owner,
  key: string,
): Promise<
  { state: "arrived"; number: number; page: string } | { state: "under-way" | "not-arrived" } | null
> {
  const query = new URLSearchParams({ exercise, key });
  const answer = await fetch(`/api/submissions?${query}`, { cache: "no-store" }).catch(() => null);
  if (!answer?.ok) return null;
  const json = parseJson(await answer.text());
  const state = valueAt(json, "state");
  const number = valueAt(json, "submission", "number");
  const page = pageOf(json);
  if (state === "arrived" && typeof number === "number" && page !== null) return { state, number, page };
  return state === "under-way" || state === "not-arrived" ? { state } : null;
}

const unreadable: RefusalCode = "exercise-unreadable";

/** The server's sentence says to look first, which a program without our key has to. */
const sentenceOf = (code: string, message: string) =>
  code === "database-away" ? "Drydock's database did not answer: send it again in a moment." : message;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A proxy's own error page; the caller says so.
    return null;
  }
}

const valueAt = (json: unknown, ...path: string[]) =>
  path.reduce<unknown>(
    (value, name) =>
      typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined,
    json,
  );

function textAt(json: unknown, ...path: string[]): string | null {
  const value = valueAt(json, ...path);
  return typeof value === "string" ? value : null;
}
