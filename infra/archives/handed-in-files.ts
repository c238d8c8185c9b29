import { PassThrough, Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { PickOutcome, WantedFile } from "#grading/submissions/handed-in/pick-files.ts";
import type { FileHead, HeadBounds, HeadsOutcome } from "#grading/submissions/handed-in/read-heads.ts";
import { FileMissing, type FileStore } from "#grading/submissions/ports.ts";
import { createBoundedCache } from "#infra/cache/bounded-cache.ts";
import type { ArchiveOrder, SentPart, ThreadAnswer } from "./archive-order.ts";
import { inTurns } from "./in-turns.ts";
import { openArchiveThread } from "./open-archive-thread.ts";

/** A submission whose list can be read, and who wants to look into it. */
export interface HandedIn {
  submissionId: string;
  storageKey: string;
  fileName: string;
  /** As it was listed when it was accepted, in that order. */
  files: readonly { path: string; bytes: number }[];
}

type Unreadable = Exclude<PickOutcome, { outcome: "ok" }>;

export interface HandedInFiles {
  /** The beginnings of these files, in the list's order; paths that the list has not are left out. */
  heads(readerId: string, of: HandedIn, paths: readonly string[]): Promise<HeadsOutcome>;
  /** One whole file. Whoever takes the stream reads it to its end or destroys it. null: the list has no such path. */
  open(
    readerId: string,
    of: HandedIn,
    path: string,
  ): Promise<{ outcome: "ok"; bytes: number; stream: Readable } | Unreadable | null>;
}

const mib = 1024 * 1024;

export interface HandedInBounds extends HeadBounds {
  /** Of heads that are kept in memory, for who looks at the next file. */
  cacheBytes: number;
  /** A submission that is no larger is read as a whole at the first look. */
  wholeBytes: number;
  /** Milliseconds in which heads must be read, waiting not counted. */
  headsMs: number;
  /** Milliseconds in which a whole file must have been sent. */
  sendMs: number;
  /** Milliseconds after which a file is given up of which its reader takes nothing. */
  stallMs: number;
  /** Readings at once of all readers together; of one reader it is one, and two files that are sent. */
  atOnce: number;
}

const usualBounds: HandedInBounds = {
  each: 512 * 1024,
  all: 16 * mib,
  cacheBytes: 32 * mib,
  wholeBytes: 2 * mib,
  headsMs: 30_000,
  sendMs: 10 * 60_000,
  stallMs: 60_000,
  atOnce: 2,
};

/**
 * Looks into submissions where they lie: never unpacked to a disk, in a thread of its own like their listing, a few at
 * once, under time limits. program: the archive thread's file. onMissing: told of an archive that is not in the
 * store, which its readers are told as well.
 */
export function createHandedInFiles(
  store: FileStore,
  program: string,
  onMissing: (submissionId: string, error: FileMissing) => void,
  bounds: HandedInBounds = usualBounds,
): HandedInFiles {
  const cache = createBoundedCache<FileHead>(bounds.cacheBytes);
  const reading = inTurns(1, bounds.atOnce);
  const sending = inTurns(2, bounds.atOnce * 2);
  const withArchive = async <Result>(of: HandedIn, use: (file: string) => Promise<Result>) => {
    try {
      return await store.withLocalFile(of.storageKey, use);
    } catch (error) {
      if (!(error instanceof FileMissing)) throw error;
      onMissing(of.submissionId, error);
      return {
        outcome: "unreadable",
        message: "Its files are not where they were stored; tell staff.",
      } as const;
    }
  };
  const keyOf = (of: HandedIn, path: string) => `${of.submissionId} ${path}`;

  return {
    async heads(readerId, of, paths) {
      const asked = new Set(paths);
      const listed = of.files.filter(({ path }) => asked.has(path));
      const kept = () => listed.flatMap(({ path }) => cache.get(keyOf(of, path)) ?? []);
      const there = kept();
      if (there.length === listed.length) return { outcome: "ok", heads: there };
      return reading(readerId, async () => {
        // Another page of the same reader may have read them while this one waited.
        const meanwhile = kept();
        if (meanwhile.length === listed.length) return { outcome: "ok", heads: meanwhile };
        const total = of.files.reduce((sum, { bytes }) => sum + bytes, 0);
        const wanted = total <= bounds.wholeBytes ? of.files : listed;
        const read = await withArchive(of, (file) =>
          headsInThread(
            program,
            { file, ...orderOf(of), wanted: placesOf(of, wanted), bounds },
            bounds.headsMs,
          ),
        );
        if (read.outcome !== "ok") return read;
        // One that was cut because others had used up what all may have is no answer to who asks for it alone.
        for (const head of read.heads)
          if (head.head.length === Math.min(head.bytes, bounds.each))
            cache.set(keyOf(of, head.path), head, head.head.length + 500);
        return { outcome: "ok", heads: read.heads.filter(({ path }) => asked.has(path)) };
      });
    },
    open(readerId, of, path) {
      const [wanted] = placesOf(of, [{ path }]);
      if (wanted === undefined) return Promise.resolve(null);
      return new Promise((resolve, reject) => {
        const order = { task: "send" as const, fileName: of.fileName, wanted };
        sending(readerId, async () => {
          const sent = await withArchive(of, (file) =>
            sendFromThread(program, { ...order, file }, bounds, resolve),
          );
          if (sent !== undefined) resolve(sent);
        }).catch(reject);
      });
    },
  };
}

const orderOf = ({ fileName }: HandedIn) => ({ task: "heads" as const, fileName });

function placesOf(of: HandedIn, files: readonly { path: string }[]): WantedFile[] {
  const asked = new Set(files.map(({ path }) => path));
  return of.files.flatMap(({ path }, place) => (asked.has(path) ? [{ path, place }] : []));
}

async function headsInThread(
  program: string,
  order: ArchiveOrder,
  timeLimitMs: number,
): Promise<HeadsOutcome> {
  for await (const answer of answersOf(program, order, timeLimitMs))
    if ("heads" in answer) return answer.heads;
  throw new Error("The thread that looks into a submission ended without an answer.");
}

/** Is over when the file was sent, or whoever took the stream has destroyed it. */
async function sendFromThread(
  program: string,
  order: ArchiveOrder,
  { sendMs, stallMs }: Pick<HandedInBounds, "sendMs" | "stallMs">,
  opened: (file: { outcome: "ok"; bytes: number; stream: Readable } | Unreadable) => void,
): Promise<void> {
  const answers = answersOf(program, order, sendMs);
  try {
    const first = await answers.next();
    if (first.done) throw new Error("The thread that sends a file ended without an answer.");
    if ("sent" in first.value && first.value.sent.outcome === "unreadable") return opened(first.value.sent);
    if (!("opens" in first.value))
      throw new Error("The thread that sends a file did not begin with its size.");
    const stream = new PassThrough();
    // Whoever reads it is told; one that nobody reads must not end the process.
    stream.on("error", () => undefined);
    // Somebody who takes it too slowly, or not at all, holds a place that others wait for.
    const giveUp = (why: string) => stream.destroy(new Error(`Sending a file was given up: ${why}.`));
    const timer = setTimeout(() => giveUp(`it took more than ${sendMs / 1000} s`), sendMs);
    let stall: NodeJS.Timeout | undefined;
    const moved = () => {
      clearTimeout(stall);
      stall = setTimeout(() => giveUp(`nothing of it was taken for ${stallMs / 1000} s`), stallMs);
    };
    moved();
    opened({ outcome: "ok", bytes: first.value.opens, stream });
    // What goes wrong on the way destroys the stream, which tells whoever reads it.
    await pipeline(Readable.from(pieces(answers, moved), { objectMode: false }), stream).catch(
      () => undefined,
    );
    clearTimeout(timer);
    clearTimeout(stall);
  } finally {
    await answers.return(undefined);
  }
}

async function* pieces(answers: AsyncIterable<SentPart | ThreadAnswer>, moved: () => void) {
  for await (const answer of answers) {
    moved();
    if ("piece" in answer) yield answer.piece;
  }
}

/** What the thread says, one by one; it goes on when the next is asked for. Throws when it fails, or for its time. */
async function* answersOf(
  program: string,
  order: ArchiveOrder,
  timeLimitMs: number,
): AsyncGenerator<ThreadAnswer, void> {
  const thread = openArchiveThread(program, order);
  const waiting: ThreadAnswer[] = [];
  let ended: Error | null = null;
  let wake = () => {};
  const end = (error: Error) => {
    ended ??= error;
    wake();
  };
  const timer = setTimeout(
    () => end(new Error(`Reading a submission took more than ${timeLimitMs / 1000} s.`)),
    timeLimitMs,
  );
  thread.on("message", (answer: ThreadAnswer) => {
    if ("failed" in answer) return end(new Error(`A submission could not be read: ${answer.failed}`));
    waiting.push(answer);
    wake();
  });
  thread.once("error", end);
  thread.once("exit", (code) => end(new Error(`The thread that read a submission ended with ${code}.`)));
  try {
    for (;;) {
      const next = waiting.shift();
      if (next !== undefined) {
        yield next;
        if ("sent" in next || "heads" in next) return;
        thread.postMessage("taken");
        continue;
      }
      if (ended !== null) throw ended;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    clearTimeout(timer);
    await thread.terminate();
  }
}
