import type { RequestListener, ServerResponse } from "node:http";
import { addressHeader, addressPrefix } from "#infra/auth/address-header.ts";
import { whenWhole } from "./body/whole-body.ts";
import { createAllPlaces, createBodyPlaces, kindOf } from "./kinds.ts";
import type { Newcomers } from "./quiet-turn.ts";
import { refusals, refuse } from "./refuse.ts";

/** An answer of which nothing could be sent for so long is given up. */
const stalledMs = 60_000;

/**
 * Hands a request on when its kind and its address have a place (kinds.ts): how many answers are made at once, and
 * with it memory and everybody's wait, is bounded. The place is left when the answer begins: neither a reader who
 * takes nothing nor a stream of hours keeps one.
 */
export function inTurn(next: RequestListener, newcomers: Newcomers): RequestListener {
  const places = createAllPlaces(newcomers.whenQuiet);
  const bodies = createBodyPlaces();
  return (request, response) => {
    newcomers.heard();
    const kind = kindOf(request.method ?? "GET", request.url ?? "/");
    const address = addressPrefix(String(request.headers[addressHeader]));
    const busy = () => refuse(request, response, kind === "upload" ? refusals.tooManyUploads : refusals.busy);
    const enter = () => {
      const giveUp = places[kind].ask(
        address,
        (leave) => {
          response.once("close", leave);
          whenHeadersLeave(response, () => {
            leave();
            response.socket?.setTimeout(stalledMs);
          });
          next(request, response);
        },
        busy,
      );
      response.once("close", giveUp);
    };
    // Its bytes are not kept in memory: they are read, and bounded, by whoever takes the upload.
    if (kind === "upload") return enter();
    const takeBody = (leave: () => void) => {
      response.once("close", leave);
      whenWhole(request, (how) => {
        if (how === "whole") enter();
        else refuse(request, response, how === "too-large" ? refusals.tooLarge : refusals.tooSlow);
      });
    };
    if (hasBody(request.headers)) bodies.ask(address, takeBody, busy);
    else enter();
  };
}

function hasBody(headers: { "content-length"?: string; "transfer-encoding"?: string }): boolean {
  return Number(headers["content-length"] ?? 0) > 0 || headers["transfer-encoding"] !== undefined;
}

/** Node calls it for every answer, whoever writes it. */
function whenHeadersLeave(response: ServerResponse, then: () => void): void {
  const writeHead = response.writeHead.bind(response) as (...args: unknown[]) => ServerResponse;
  response.writeHead = (...args: unknown[]) => {
    response.writeHead = writeHead;
    const written = writeHead(...args);
    then();
    return written;
  };
}
