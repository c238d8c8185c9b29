import { Writable } from "node:stream";
import { Exec, type KubeConfig, type V1Status } from "@kubernetes/client-node";
import { openedSocket } from "./socket-refused.ts";

const mostBytes = 1024 * 1024;

export interface ExecTarget {
  namespace: string;
  pod: string;
  container: string;
}

export type ExecOutcome =
  | { outcome: "ended"; exitCode: number; stdout: string; stderr: string }
  /** The container has no such program, or does not run; words are the cluster's own. */
  | { outcome: "not-started"; words: string };

/**
 * Runs a command in a container, as kubectl exec does, and gives its output, first MiB of each stream. Throws the
 * signal's reason when it is aborted, and when the API server cannot be asked.
 */
export async function execInPod(
  config: KubeConfig,
  { namespace, pod, container }: ExecTarget,
  command: string[],
  signal: AbortSignal,
): Promise<ExecOutcome> {
  signal.throwIfAborted();
  const stdout = new Capture();
  const stderr = new Capture();
  let told: (status: V1Status) => void = () => undefined;
  const status = new Promise<V1Status>((resolve) => {
    told = resolve;
  });
  const opening = new Exec(config).exec(
    namespace,
    pod,
    container,
    command,
    stdout,
    stderr,
    null,
    false,
    (said) => told(said),
  );
  let onAbort: () => void = () => undefined;
  const opened = await openedSocket(opening, signal);
  if (opened.outcome === "refused") return { outcome: "not-started", words: opened.words };
  const { socket } = opened;
  const broken = new Promise<never>((_resolve, reject) => {
    // The status comes before the connection is closed.
    socket.onclose = () =>
      setImmediate(() => reject(new Error(`The connection to ${pod} was closed before the command ended.`)));
    socket.onerror = (event: { message: string }) =>
      reject(new Error(`The connection to ${pod} broke: ${event.message}`));
    onAbort = () => reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
  });
  try {
    const ended = await Promise.race([status, broken]);
    return outcomeOf(ended, stdout.text(), stderr.text());
  } finally {
    signal.removeEventListener("abort", onAbort);
    socket.onclose = null;
    socket.terminate();
  }
}

function outcomeOf(status: V1Status, stdout: string, stderr: string): ExecOutcome {
  if (status.status === "Success") return { outcome: "ended", exitCode: 0, stdout, stderr };
  const code = status.details?.causes?.find((cause) => cause.reason === "ExitCode")?.message;
  return code === undefined
    ? { outcome: "not-started", words: status.message ?? "" }
    : { outcome: "ended", exitCode: Number(code), stdout, stderr };
}

class Capture extends Writable {
  private readonly chunks: Buffer[] = [];
  private bytes = 0;

  override _write(chunk: Buffer | string, _encoding: BufferEncoding, done: () => void): void {
    const room = mostBytes - this.bytes;
    const bytes = Buffer.from(chunk).subarray(0, Math.max(0, room));
    this.chunks.push(bytes);
    this.bytes += bytes.length;
    done();
  }

  text(): string {
    return Buffer.concat(this.chunks).toString("utf8");
  }
}
