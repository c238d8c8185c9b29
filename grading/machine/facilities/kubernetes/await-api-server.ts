import https from "node:https";
import { setTimeout as wait } from "node:timers/promises";
import { server } from "./cluster-plan.ts";

const betweenAsksMs = 50;

/** The API server starts beside the agent. Resolves when it takes requests; rejects with the signal's reason. */
export async function awaitApiServer(ca: Buffer, signal: AbortSignal): Promise<void> {
  while (!(await answers(ca))) await wait(betweenAsksMs, undefined, { signal });
}

const answers = (ca: Buffer) =>
  new Promise<boolean>((resolve) => {
    const request = https.get(`${server}/livez`, { ca, agent: false, timeout: 2000 }, (response) => {
      response.resume();
      // Any answer will do: it takes requests seconds before it calls itself ready.
      resolve(true);
    });
    request.once("timeout", () => request.destroy());
    // Not listening yet.
    request.once("error", () => resolve(false));
  });
