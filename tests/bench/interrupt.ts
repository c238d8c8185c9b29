import { setMaxListeners } from "node:events";

const controller = new AbortController();

/** Aborted by the first Ctrl-C or SIGTERM: benches then stop and remove what they made. */
export const interrupted: AbortSignal = controller.signal;
// Each of many machines listens for it.
setMaxListeners(0, interrupted);

/** A second one leaves at once; machines that are left then end when their lease is over. */
export function listenForInterrupts(): void {
  const onSignal = () => {
    if (interrupted.aborted) process.exit(130);
    process.stderr.write("Interrupted: removing what the bench made; once more leaves at once …\n");
    controller.abort(new Error("The bench was interrupted."));
  };
  for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, onSignal);
}

/** What work comes to, or a rejection as soon as the bench is interrupted, so that what is after it cleans up. */
export async function unlessInterrupted<T>(work: Promise<T>): Promise<T> {
  // What is left behind by an interruption has nobody to tell of its end.
  work.catch(() => {});
  let stop: () => void = () => {};
  const interruption = new Promise<never>((_resolve, reject) => {
    stop = () => reject(interrupted.reason);
    if (interrupted.aborted) stop();
    interrupted.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([work, interruption]);
  } finally {
    interrupted.removeEventListener("abort", stop);
  }
}
