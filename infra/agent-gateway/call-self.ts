import http from "node:http";
import https from "node:https";

/**
 * Calls the gateway as a machine would, over a connection of its own, with a session that is none: the answer 401
 * comes from the database, so it proves that a machine could be heard. Rejects on any other answer, or none in time.
 */
export async function callSelf(address: string, limitMs: number): Promise<void> {
  const socketPath = address.startsWith("unix:") ? address.slice("unix:".length) : undefined;
  const url = new URL("/agent/run", socketPath === undefined ? address : "http://gateway");
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const request = (url.protocol === "https:" ? https : http).get(
      url,
      {
        agent: false,
        // Its certificate is for the address that machines call it by, and nothing secret is said.
        rejectUnauthorized: false,
        socketPath,
        headers: { authorization: "Bearer the-worker-itself" },
        signal: AbortSignal.timeout(limitMs),
      },
      (response) => {
        response.resume();
        resolve(response.statusCode);
      },
    );
    request.on("error", reject);
  });
  if (status !== 401)
    throw new Error(`The gateway answered ${status} to a call of the worker's own, not 401.`);
}
