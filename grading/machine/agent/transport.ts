import type { IncomingMessage } from "node:http";
import http from "node:http";
import https from "node:https";

/** Drydock's answer came, and it is no. */
export class Refused extends Error {
  override readonly name = "Refused";
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(`${status} ${code}: ${message}`);
  }
  /** The attempt is over for this machine. */
  get over(): boolean {
    return this.status === 401 || this.status === 409;
  }
  /** The same call may succeed later. */
  get passing(): boolean {
    return this.status >= 500 || this.status === 429 || this.status === 408;
  }
}

export interface Transport {
  /** The answer's body as JSON, null for 204. Throws Refused, or the network's error. */
  call(method: "GET" | "POST", path: string, session: string | null, body?: unknown): Promise<unknown>;
  /** The answer's body as a stream with its stated length. */
  open(path: string, session: string): Promise<{ stream: IncomingMessage; bytes: number }>;
  close(): void;
}

/** Longest silence on a connection, milliseconds. */
const silenceMs = 30_000;
const maxAnswerBytes = 16 * 1024 * 1024;

/**
 * Calls Drydock at unix:/path/to.sock, http://host:port or https://host. ca: the only authority (PEM) that may vouch for
 * an https address; undefined: those that the system trusts.
 */
export function createTransport(address: string, ca?: string): Transport {
  const socketPath = address.startsWith("unix:") ? address.slice("unix:".length) : undefined;
  const base = new URL(socketPath === undefined ? address : "http://drydock");
  const secure = base.protocol === "https:";
  const connections = { keepAlive: true, maxSockets: 8 };
  const agent = secure ? new https.Agent({ ...connections, ca }) : new http.Agent(connections);

  function request(
    method: string,
    path: string,
    session: string | null,
    body?: Buffer,
  ): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const outgoing = (secure ? https : http).request(
        new URL(path, base),
        {
          method,
          agent,
          socketPath,
          timeout: silenceMs,
          headers: {
            ...(session === null ? {} : { authorization: `Bearer ${session}` }),
            ...(body ? { "content-type": "application/json", "content-length": body.length } : {}),
          },
        },
        resolve,
      );
      outgoing.on("timeout", () =>
        outgoing.destroy(new Error(`Drydock did not answer for ${silenceMs} ms.`)),
      );
      outgoing.on("error", reject);
      outgoing.end(body);
    });
  }

  return {
    async call(method, path, session, body) {
      const bytes = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
      const response = await request(method, path, session, bytes);
      const text = await readText(response);
      if (response.statusCode === 204) return null;
      if (response.statusCode !== 200) throw refusal(response.statusCode ?? 0, text);
      return JSON.parse(text) as unknown;
    },
    async open(path, session) {
      const response = await request("GET", path, session);
      if (response.statusCode !== 200) throw refusal(response.statusCode ?? 0, await readText(response));
      return { stream: response, bytes: Number(response.headers["content-length"]) };
    },
    close: () => agent.destroy(),
  };
}

async function readText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxAnswerBytes) throw new Error("Drydock's answer is too long.");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function refusal(status: number, text: string): Refused {
  try {
    const { error } = JSON.parse(text) as { error: { code: string; message: string } };
    return new Refused(status, error.code, error.message);
  } catch {
    return new Refused(status, "no-reason", text.slice(0, 200));
  }
}
