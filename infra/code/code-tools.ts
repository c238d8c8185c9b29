import { createHash } from "node:crypto";
import { Worker } from "node:worker_threads";
import type { LineComparison } from "#grading/submissions/handed-in/compare-lines.ts";
import { inTurns } from "#infra/archives/in-turns.ts";
import { createBoundedCache } from "#infra/cache/bounded-cache.ts";
import type { CodeAnswer, CodeLine, CodeOrder } from "./code-order.ts";

export interface CodeTools {
  /** The same lines in tokens with their colours; null when that takes too long. language: a name of shiki's. */
  highlight(readerId: string, lines: readonly string[], language: string): Promise<CodeLine[] | null>;
  compare(readerId: string, older: readonly string[], newer: readonly string[]): Promise<LineComparison>;
}

export interface CodeBounds {
  /** Milliseconds for one piece of work, once what it needs is loaded. */
  workMs: number;
  /** Milliseconds for loading the highlighter or a language, on a busy computer too. */
  loadMs: number;
  /** Of what was highlighted and is kept. */
  cacheBytes: number;
}

const usualBounds: CodeBounds = { workMs: 8000, loadMs: 60_000, cacheBytes: 24 * 1024 * 1024 };
const threadMemoryMiB = 512;
/** A token takes about so much more memory than its text. */
const weightPerCharacter = 16;

/**
 * One thread with one highlighter for all readers, started at the first use; work that takes too long ends it, and
 * the next starts another. Readers have their turns, so that whoever opens many pages waits for themselves alone.
 * program: the thread's file.
 */
export function createCodeTools(program: string, bounds: CodeBounds = usualBounds): CodeTools {
  const cache = createBoundedCache<CodeLine[] | null>(bounds.cacheBytes);
  const inTurn = inTurns(1, 1);
  let thread: Worker | null = null;
  let lastId = 0;

  function open(): Worker {
    // The server's own flags are not the thread's; while it has nothing to do it keeps no process from ending.
    const limits = { resourceLimits: { maxOldGenerationSizeMb: threadMemoryMiB } };
    const opened = new Worker(program, { name: "code", execArgv: [], ...limits });
    opened.on("error", () => undefined);
    opened.once("exit", () => {
      if (thread === opened) thread = null;
    });
    opened.unref();
    return opened;
  }

  /** null when it took too long. Throws when the thread fails. */
  const ask = (readerId: string, order: CodeOrder) =>
    inTurn(readerId, async (): Promise<CodeAnswer | null> => {
      thread ??= open();
      const asked = thread;
      lastId += 1;
      const id = lastId;
      let timer: NodeJS.Timeout | undefined;
      let stopListening = () => {};
      try {
        const answer = await new Promise<CodeAnswer | null>((resolve, reject) => {
          const within = (milliseconds: number) => {
            clearTimeout(timer);
            timer = setTimeout(() => resolve(null), milliseconds);
          };
          const onMessage = (said: CodeAnswer) => {
            if (said.id !== id) return;
            if ("begun" in said) within(bounds.workMs);
            else resolve(said);
          };
          const onExit = (code: number) => reject(new Error(`The thread for code ended with ${code}.`));
          asked.on("message", onMessage).on("error", reject).on("exit", onExit);
          stopListening = () => asked.off("message", onMessage).off("error", reject).off("exit", onExit);
          within(bounds.loadMs);
          asked.postMessage({ id, order });
        });
        if (answer === null) {
          thread = null;
          await asked.terminate();
        }
        if (answer !== null && "failed" in answer)
          throw new Error(`Code could not be read: ${answer.failed}`);
        return answer;
      } finally {
        clearTimeout(timer);
        stopListening();
      }
    });

  return {
    async highlight(readerId, lines, language) {
      const hash = createHash("sha256").update(language);
      let characters = 0;
      for (const line of lines) {
        hash.update(`\n${line}`);
        characters += line.length + 1;
      }
      const key = hash.digest("hex");
      const kept = cache.get(key);
      if (kept !== undefined) return kept;
      const answer = await ask(readerId, { task: "highlight", lines, language });
      const highlighted = answer !== null && "highlighted" in answer ? answer.highlighted : null;
      // What took too long once would again.
      cache.set(key, highlighted, highlighted === null ? 100 : characters * weightPerCharacter);
      return highlighted;
    },
    async compare(readerId, older, newer) {
      const answer = await ask(readerId, { task: "compare", older, newer });
      return answer !== null && "compared" in answer ? answer.compared : { outcome: "too-different" };
    },
  };
}
