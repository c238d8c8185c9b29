import type { RequestListener, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/**
 * One request at a time on a connection: who sends the next one before the answer of the last is cut off. Node reads
 * a whole flood of them (pipelining) before the first is answered; no browser and no proxy of use does it.
 */
export function oneAtATime(next: RequestListener): RequestListener {
  const answering = new WeakMap<Socket, ServerResponse>();
  return (request, response) => {
    const { socket } = request;
    // What Node had read already is still handed over when the connection is cut.
    if (socket.destroyed) return;
    if (answering.has(socket)) {
      socket.destroy();
      return;
    }
    answering.set(socket, response);
    // At its last byte is handed over: nobody can have read it before.
    response.once("finish", () => answering.delete(socket));
    next(request, response);
  };
}
