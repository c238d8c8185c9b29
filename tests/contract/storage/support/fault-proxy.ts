import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What happens to requests that a test picks, so many times. */
export interface Fault {
  /** Such as "PUT /bucket/key?partNumber=2"; the first fault that fits is taken. */
  on: RegExp;
  times: number;
  does:
    | { kind: "answer"; status: number; code: string; message?: string; more?: string }
    /** Both connections end after so many bytes of the request's body. */
    | { kind: "drop-upload"; after: number }
    /** The same of the answer's body. */
    | { kind: "drop-download"; after: number }
    /** The server does its work, and nobody is told. */
    | { kind: "lose-reply" }
    /** No answer, and no end. */
    | { kind: "silence" };
}

export interface FaultProxy {
  endpoint: string;
  faults: Fault[];
  /** Method and address of each request since the test began. */
  seen: string[];
  close(): Promise<void>;
}

/** Stands between a client of S3 and its server and breaks what it is told to. */
export async function startFaultProxy(port: number): Promise<FaultProxy> {
  const faults: Fault[] = [];
  const seen: string[] = [];
  const server = createServer({ keepAliveTimeout: 1 }, (incoming, answer) => {
    const asked = `${incoming.method} ${incoming.url}`;
    seen.push(asked);
    const fault = faults.find(({ on, times }) => times > 0 && on.test(asked));
    if (fault) fault.times -= 1;
    pass(port, incoming, answer, fault?.does ?? null);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    faults,
    seen,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function pass(port: number, incoming: IncomingMessage, answer: ServerResponse, does: Fault["does"] | null) {
  if (does?.kind === "silence") return void incoming.resume();
  if (does?.kind === "answer") return refuse(incoming, answer, does);
  const { method, url, headers } = incoming;
  const onward = request({ host: "127.0.0.1", port, method, path: url, headers, agent: false }, (reply) => {
    if (does?.kind === "lose-reply") {
      reply.resume().once("end", () => incoming.socket.destroy());
      return;
    }
    answer.writeHead(reply.statusCode ?? 502, reply.headers);
    forward(reply, answer, does?.kind === "drop-download" ? does.after : null, () => {
      onward.destroy();
      incoming.socket.destroy();
    });
  });
  onward.on("error", () => incoming.socket.destroy());
  incoming.on("error", () => onward.destroy());
  forward(incoming, onward, does?.kind === "drop-upload" ? does.after : null, () => {
    onward.destroy();
    incoming.socket.destroy();
  });
}

/** Up to so many bytes, where there is an end. */
function forward(
  from: IncomingMessage,
  to: NodeJS.WritableStream,
  most: number | null,
  onMost: () => void,
): void {
  if (most === null) return void from.pipe(to);
  let sent = 0;
  from.on("data", (chunk: Buffer) => {
    const rest = chunk.subarray(0, most - sent);
    sent += rest.length;
    if (sent < most) return void to.write(rest);
    to.write(rest, () => onMost());
  });
}

function refuse(
  incoming: IncomingMessage,
  answer: ServerResponse,
  { status, code, message = "said the test", more = "" }: Extract<Fault["does"], { kind: "answer" }>,
) {
  incoming.resume().once("end", () => {
    answer.writeHead(status, { "content-type": "application/xml", connection: "close" });
    answer.end(
      `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message>${more}</Error>`,
    );
  });
}
