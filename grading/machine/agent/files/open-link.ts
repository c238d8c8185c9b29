import http, { type IncomingMessage } from "node:http";
import https from "node:https";

/** Of a connection that is to be made, and of one on which nothing moves, milliseconds. */
const silenceMs = 10_000;

/**
 * The bytes at an address that is itself the key to them: it is never quoted in an error, nor followed to another. Only
 * those authorities vouch for an https address that the system trusts. Rejects where the answer is not 200, and when
 * the signal is aborted.
 */
export function openLink(url: string, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const { request } = url.startsWith("https:") ? https : http;
    const outgoing = request(url, { agent: false, timeout: silenceMs, signal });
    outgoing.on("response", (response) => {
      if (response.statusCode === 200) return resolve(response);
      response.destroy();
      reject(new Error(`The answer was ${response.statusCode}.`));
    });
    outgoing.on("timeout", () => outgoing.destroy(new Error(`Nothing came for ${silenceMs} ms.`)));
    outgoing.on("error", reject);
    outgoing.end();
  });
}
