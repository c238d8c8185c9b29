import { createServer, type RequestListener, type Server } from "node:http";
import type { Clock } from "#course/clock.ts";
import { stampArrival } from "./arrival.ts";
import { gatherUploads } from "./body/gather-chunks.ts";
import type { IsTrustedProxy } from "./client-address.ts";
import { boundConnections } from "./connections.ts";
import { frontDoor } from "./front-door.ts";
import { inTurn } from "./in-turn.ts";
import { oneAtATime } from "./one-at-a-time.ts";
import { createNewcomers } from "./quiet-turn.ts";

/** The server that callers reach: all that a request passes before `next` sees it. */
export function createFrontServer(
  next: RequestListener,
  options: { isTrusted: IsTrustedProxy; https: boolean; clock: Clock },
): Server {
  const newcomers = createNewcomers();
  // What is laid over a request's push last is called first: bytes are stamped before they are gathered.
  const listener = oneAtATime(
    frontDoor(gatherUploads(stampArrival(inTurn(next, newcomers), options.clock)), options),
  );
  // Node would end every upload after five minutes without a word: forms are bounded by whole-body.ts, uploads by
  // their pace. Headers must come within a minute as before.
  const server = createServer({ requestTimeout: 0, headersTimeout: 60_000 }, listener);
  server.on("connection", newcomers.heard);
  boundConnections(server, options.isTrusted);
  return server;
}
