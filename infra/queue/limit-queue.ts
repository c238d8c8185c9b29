import type { JobQueue } from "./catalogue.ts";

/** The queue is a hint: an upload, a rerun and the sweep that stands in for it wait no longer for its answer. */
const limitMs = 5_000;

/** The same queue, whose `add` throws when it was not answered in time; the job may be there all the same. */
export function limitQueue(queue: JobQueue): JobQueue {
  return {
    add: (name, payload) => withinTime(queue.add(name, payload)),
    close: () => queue.close(),
  };
}

async function withinTime(work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`The queue did not answer within ${limitMs / 1000} s.`)),
      limitMs,
    );
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}
