import { showName } from "#grading/submissions/archive/entry-path.ts";
import type { ReadArchiveOutcome } from "#grading/submissions/archive/read-archive.ts";
import type { ArchiveToList, ListArchive } from "#grading/submissions/ports.ts";
import type { ListOrder, ThreadAnswer } from "./archive-order.ts";
import { inTurns } from "./in-turns.ts";
import { openArchiveThread } from "./open-archive-thread.ts";

export interface ListerBounds {
  /** Milliseconds that one reading may take, waiting not counted. */
  timeLimitMs: number;
  /** Readings at once, of all students together; of one student there is never more than one. */
  atOnce: number;
}

/** The largest archive that any limit takes is read in some seconds, on a busy computer too. */
const usualBounds: ListerBounds = { timeLimitMs: 60_000, atOnce: 2 };
/**
 * Lists archives, each in a thread of its own: a student's one after the other, and few in all, so that no archive
 * and no number of them keeps the server from answering. A reading that is not over in its time is ended and refused.
 * program: the thread's file.
 */
export function createArchiveLister(program: string, bounds = usualBounds): ListArchive {
  const inTurn = inTurns(1, bounds.atOnce);
  return ({ userId, ...order }: ArchiveToList) =>
    inTurn(userId, () => listInThread(program, { task: "list", ...order }, bounds.timeLimitMs));
}

async function listInThread(
  program: string,
  order: ListOrder,
  timeLimitMs: number,
): Promise<ReadArchiveOutcome> {
  const thread = openArchiveThread(program, order);
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<ReadArchiveOutcome>((resolve, reject) => {
      timer = setTimeout(() => resolve(tooSlow(order.fileName, timeLimitMs)), timeLimitMs);
      thread.once("message", (answer: ThreadAnswer) => {
        if ("read" in answer) resolve(answer.read);
        else reject(new Error(`An archive could not be read: ${"failed" in answer ? answer.failed : ""}`));
      });
      thread.once("error", reject);
      thread.once("exit", (code) => reject(new Error(`The thread that read an archive ended with ${code}.`)));
    });
  } finally {
    clearTimeout(timer);
    await thread.terminate();
  }
}

function tooSlow(fileName: string, timeLimitMs: number): ReadArchiveOutcome {
  return {
    outcome: "refused",
    code: "archive-too-slow",
    message: `${showName(fileName)} took more than the ${timeLimitMs / 1000} s in which an archive must be read; pack only the files that the exercise asks for, and upload it again.`,
  };
}
