/**
 * What the work resolves to, or rejects with `late()` once its time is over: it is told to stop by its signal, and is not
 * waited for if it does not. stopping: tells it to stop as well, and then it is still waited for until its time is over.
 */
export async function withinTime<Result>(
  limitMs: number,
  late: () => Error,
  work: (signal: AbortSignal) => Promise<Result>,
  stopping?: AbortSignal,
): Promise<Result> {
  const ending = new AbortController();
  const signal = stopping ? AbortSignal.any([stopping, ending.signal]) : ending.signal;
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const reason = late();
      reject(reason);
      ending.abort(reason);
    }, limitMs);
  });
  try {
    return await Promise.race([work(signal), tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
