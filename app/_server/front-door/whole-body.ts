import type { IncomingMessage } from "node:http";
import { maxBodyBytes } from "../body/bounded-request.ts";

/** In which a form must have come; the largest is 64 KB. */
const wholeMs = 30_000;

export type WholeBody = "whole" | "too-large" | "too-slow";

/**
 * Waits, with the body kept in the request's own buffer, until all of it is there, so that nobody holds a place
 * (kinds.ts) by sending slowly. Calls nothing when the sender goes away.
 */
export function whenWhole(request: IncomingMessage, done: (how: WholeBody) => void): void {
  const announced = Number(request.headers["content-length"] ?? 0);
  if (announced > maxBodyBytes) {
    done("too-large");
    return;
  }
  const push = request.push.bind(request);
  const timer = setTimeout(() => finish("too-slow"), wholeMs);
  const finish = (how: WholeBody) => {
    clearTimeout(timer);
    request.push = push;
    request.off("close", gone);
    done(how);
  };
  const gone = () => clearTimeout(timer);
  request.once("close", gone);
  request.push = (chunk, encoding) => {
    push(chunk, encoding);
    if (chunk === null) finish("whole");
    else if (request.readableLength > maxBodyBytes) finish("too-large");
    // Nobody reads so far: Node is to go on although its own mark may be passed.
    return true;
  };
}
