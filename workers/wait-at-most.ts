/** Waits for work to end, but no longer than this: a stop must not hang on what another hangs on. */
export async function waitAtMost(work: Promise<unknown>, ms: number): Promise<"ended" | "late"> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<"late">((resolve) => {
    timer = setTimeout(resolve, ms, "late");
  });
  try {
    return await Promise.race([work.then(() => "ended" as const), late]);
  } finally {
    clearTimeout(timer);
  }
}
