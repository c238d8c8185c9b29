import type { IncomingMessage, RequestListener } from "node:http";
import { kindOf } from "../kinds.ts";
import { JoinedChunks } from "./joined-chunks.ts";

/** What is handed on at once, bytes; Node's own buffer of a request holds as much. */
const pieceBytes = 16 * 1024;
/** And after which time, whatever there is. */
const pieceMs = 10;

/**
 * Hands an upload's bytes on in pieces worth the work: each costs its readers some timers and promises, and a body in
 * chunks of a byte would take the processor from everybody.
 */
export function gatherUploads(next: RequestListener): RequestListener {
  return (request, response) => {
    if (kindOf(request.method ?? "GET", request.url ?? "/") === "upload") gatherChunks(request);
    next(request, response);
  };
}

function gatherChunks(request: IncomingMessage): void {
  const push = request.push.bind(request);
  const held = new JoinedChunks();
  let timer: NodeJS.Timeout | undefined;
  // Whether its reader wants more: Node stops reading the connection at the next chunk when not.
  let wanted = true;
  const handOn = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (held.bytes > 0) wanted = push(held.take());
  };
  request.once("close", () => clearTimeout(timer));
  request.push = (chunk: Buffer | null) => {
    if (chunk === null) {
      handOn();
      return push(null);
    }
    held.add(chunk);
    if (held.bytes >= pieceBytes) handOn();
    else timer ??= setTimeout(handOn, pieceMs);
    return wanted;
  };
}
