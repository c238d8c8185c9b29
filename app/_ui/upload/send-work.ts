"use client";

import { z } from "zod";
import type { RefusalCode } from "#grading/submissions/refusals/upload-refusal.ts";
import type { DroppedWork } from "./dropped-work.ts";

const accepted = z.object({ submission: z.object({ id: z.string() }), run: z.object({ id: z.string() }) });
const refused = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

export type SendOutcome =
  | { outcome: "accepted"; submissionId: string; runId: string }
  /** The server's own sentence. */
  | { outcome: "refused"; code: string; message: string }
  /** It was not taken, or nobody knows whether: sending the same drop again is safe. */
  | { outcome: "broken"; message: string }
  | { outcome: "stopped" };

interface Sending {
  done: Promise<SendOutcome>;
  stop(): void;
}

/**
 * Sends the work to POST /api/submissions. XMLHttpRequest, because fetch tells nothing of how much has been sent.
 * onProgress: share in [0, 1] of the bytes that have left the browser.
 */
export function sendWork(exercise: string, work: DroppedWork, onProgress: (share: number) => void): Sending {
  const request = new XMLHttpRequest();
  const done = new Promise<SendOutcome>((resolve) => {
    request.open("POST", `/api/submissions?exercise=${encodeURIComponent(exercise)}`);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("Idempotency-Key", work.key);
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    };
    request.onload = () => resolve(readAnswer(request));
    request.onabort = () => resolve({ outcome: "stopped" });
    request.onerror = () =>
      resolve({
        outcome: "broken",
        message:
          "The connection broke before the server answered. Send it again: the same upload counts once.",
      });
    const form = new FormData();
    for (const { path, file } of work.files) form.append("files", file, path);
    request.send(form);
  });
  return { done, stop: () => request.abort() };
}

function readAnswer(request: XMLHttpRequest): SendOutcome {
  const json = parseJson(request.responseText);
  const yes = accepted.safeParse(json);
  if (yes.success)
    return { outcome: "accepted", submissionId: yes.data.submission.id, runId: yes.data.run.id };
  const no = refused.safeParse(json);
  // Of trouble on the server's side, which is no word about the work.
  if (no.success && request.status >= 500 && no.data.error.code !== unreadable)
    return { outcome: "broken", message: `${sentenceOf(no.data.error)} The same upload counts once.` };
  if (no.success) return { outcome: "refused", ...no.data.error };
  return {
    outcome: "broken",
    message: `The server answered ${request.status} with nothing this page understands. Send it again: the same upload counts once.`,
  };
}

const unreadable: RefusalCode = "exercise-unreadable";

/** The server's sentence says to look first, which a program without our key has to. */
const sentenceOf = ({ code, message }: { code: string; message: string }) =>
  code === "database-away" ? "Drydock's database did not answer: send it again in a moment." : message;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A proxy's own error page; the caller says so.
    return null;
  }
}
