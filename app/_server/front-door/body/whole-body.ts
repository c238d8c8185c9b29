import type { IncomingMessage } from "node:http";
import { maxBodyBytes } from "../../body/bounded-request.ts";
import { JoinedChunks } from "./joined-chunks.ts";

/** In which a form must have come; the largest is 64 KB. */
const wholeMs = 30_000;

export type WholeBody = "whole" | "too-large" | "too-slow";

/**
 * Waits until all of the body is there, so that nobody holds a place (kinds.ts) by sending slowly. Then it is
 * in the request's own buffer for whoever reads it. Calls nothing when the sender goes away.
 */
export function whenWhole(request: IncomingMessage, done: (how: WholeBody) => void): void {
  const announced = Number(request.headers["content-length"] ?? 0);
  if (announced > maxBodyBytes) {
    done("too-large");
    return;
  }
  const push = request.push.bind(request);
  const whole = new JoinedChunks(announced || undefined);
  const timer = setTimeout(() => finish("too-slow"), wholeMs);
  const finish = (how: WholeBody) => {
    clearTimeout(timer);
    request.push = push;
    request.off("close", gone);
    if (whole.bytes > 0) push(whole.take());
    if (how === "whole") push(null);
    done(how);
  };
  const gone = () => clearTimeout(timer);
  request.once("close", gone);
  request.push = (chunk: Buffer | null) => {
    if (chunk === null) finish("whole");
    else if (whole.bytes + chunk.length > maxBodyBytes) finish("too-large");
    else whole.add(chunk);
    // Nobody reads so far: Node is to go on although its own mark may be passed.
    return true;
  };
}
