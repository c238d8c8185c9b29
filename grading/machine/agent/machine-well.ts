import { setTimeout as wait } from "node:timers/promises";
import type { Facilities } from "./start-facilities.ts";

/** A facility that has not answered by then is not well. */
const answerMs = 10_000;

/** Whether all that the machine has answers: then it is not the machine that broke a check. */
export async function isMachineWell({ facilities }: { facilities: Facilities }): Promise<boolean> {
  const over = new AbortController();
  const late = wait(answerMs, false, { signal: over.signal });
  late.catch(() => undefined);
  const answers = Promise.all([...facilities.values()].map(({ ask }) => ask())).then(
    () => true,
    () => false,
  );
  try {
    return await Promise.race([answers, late]);
  } finally {
    over.abort();
  }
}
