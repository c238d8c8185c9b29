import http from "node:http";
import { Duplex, PassThrough } from "node:stream";
import { type KubeConfig, PortForward } from "@kubernetes/client-node";
import { openedSocket } from "../kit/api/socket-refused.ts";

const mostBytes = 64 * 1024;

export type LocalAnswer =
  | { outcome: "answered"; status: number; body: string }
  /** words: the kubelet's own, or what broke. */
  | { outcome: "lost"; words: string };

/**
 * Asks GET path of a port of a pod's own localhost, as kubectl port-forward does: also where a program listens on
 * 127.0.0.1 alone. Throws the signal's reason when it is aborted.
 */
export async function askLocalhost(
  config: KubeConfig,
  { namespace, pod }: { namespace: string; pod: string },
  { port, path, timeoutMs }: { port: number; path: string; timeoutMs: number },
  signal: AbortSignal,
): Promise<LocalAnswer> {
  signal.throwIfAborted();
  const toPod = new PassThrough();
  const fromPod = new PassThrough();
  const refused = new PassThrough();
  const opening = new PortForward(config).portForward(namespace, pod, [port], fromPod, refused, toPod);
  const opened = await openedSocket(opening, signal);
  if (opened.outcome === "refused") return { outcome: "lost", words: opened.words };
  const { socket } = opened;
  const connection = Duplex.from({ readable: fromPod, writable: toPod });
  const late = AbortSignal.timeout(timeoutMs);
  const words = new Promise<LocalAnswer>((resolve) => {
    refused.on("data", (chunk: Buffer) => {
      if (chunk.length > 0) resolve({ outcome: "lost", words: chunk.toString("utf8").trim() });
    });
  });
  try {
    return await Promise.race([get(connection, { port, path }, AbortSignal.any([signal, late])), words]);
  } catch (error) {
    signal.throwIfAborted();
    const why = late.aborted ? `no answer within ${timeoutMs} ms` : (error as Error).message;
    return { outcome: "lost", words: why };
  } finally {
    connection.on("error", () => undefined);
    connection.destroy();
    if (typeof socket !== "function") socket.terminate();
  }
}

function get(
  connection: Duplex,
  { port, path }: { port: number; path: string },
  signal: AbortSignal,
): Promise<LocalAnswer> {
  return new Promise((resolve, reject) => {
    const request = http.request(
      {
        path,
        headers: { Host: `localhost:${port}`, Connection: "close" },
        createConnection: () => connection,
        signal,
      },
      (response) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        response.on("data", (chunk: Buffer) => {
          if (bytes < mostBytes) chunks.push(chunk.subarray(0, mostBytes - bytes));
          bytes += chunk.length;
        });
        response.on("error", reject);
        response.on("end", () =>
          resolve({
            outcome: "answered",
            status: response.statusCode ?? 0,
            body: Buffer.concat(chunks).toString("utf8"),
          }),
        );
      },
    );
    request.on("error", reject);
    request.end();
  });
}
