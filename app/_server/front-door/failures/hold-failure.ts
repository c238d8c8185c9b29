import type { ServerResponse } from "node:http";

/** A response's methods as they were before this was laid over them. */
type Real = Pick<ServerResponse, "writeHead" | "end">;

interface Held {
  /** Asked once, when the head would be sent with this status. */
  whether(status: number): boolean;
  /** Answers; no header that was set before is left. */
  instead(real: Real): void;
}

/**
 * Has another answer given in place of one that nothing was sent of yet. What its maker still writes is dropped.
 * Whoever lays something of its own over the response later (compression does) calls what is laid here.
 */
export function holdFailure(response: ServerResponse, { whether, instead }: Held): void {
  const { writeHead, write, end } = response;
  let state: "asking" | "passed" | "replaced" = "asking";
  const isReplaced = (status: number): boolean => {
    if (state === "asking") {
      state = !response.headersSent && whether(status) ? "replaced" : "passed";
      if (state === "replaced") {
        for (const name of response.getHeaderNames()) response.removeHeader(name);
        instead({
          writeHead: writeHead.bind(response) as ServerResponse["writeHead"],
          end: end.bind(response) as ServerResponse["end"],
        });
        // What lay over it before may have put its own back.
        Object.assign(response, over);
      }
    }
    return state === "replaced";
  };
  const over = {
    writeHead: (status: number, ...rest: unknown[]) =>
      isReplaced(status) ? response : Reflect.apply(writeHead, response, [status, ...rest]),
    write: (...given: unknown[]) =>
      isReplaced(response.statusCode) ? true : Reflect.apply(write, response, given),
    end: (...given: unknown[]) =>
      isReplaced(response.statusCode) ? response : Reflect.apply(end, response, given),
  };
  Object.assign(response, over);
}
