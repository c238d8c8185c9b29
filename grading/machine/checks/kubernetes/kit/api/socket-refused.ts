/**
 * What the API server answered instead of opening a stream into a pod, such as “Unexpected server response: 404” for a
 * container that does not run; null when it is another error. The client library rejects with an event, not an error.
 */
export function socketRefusal(event: unknown): string | null {
  const { message } = event as { message?: unknown };
  return typeof message === "string" && /^Unexpected server response: [45]\d\d$/.test(message)
    ? message
    : null;
}

/**
 * Waits for a stream into a pod to open. Throws the signal's reason when it is aborted, and when the API server cannot
 * be asked.
 */
export async function openedSocket<Socket>(
  opening: Promise<Socket>,
  signal: AbortSignal,
): Promise<{ outcome: "open"; socket: Socket } | { outcome: "refused"; words: string }> {
  try {
    return { outcome: "open", socket: await opening };
  } catch (event) {
    signal.throwIfAborted();
    const words = socketRefusal(event);
    if (words === null) throw socketError(event);
    return { outcome: "refused", words };
  }
}

/** The error inside an event of the socket that the client library rejected with. */
export function socketError(event: unknown): Error {
  if (event instanceof Error) return event;
  const { error, message } = event as { error?: unknown; message?: unknown };
  return error instanceof Error
    ? error
    : new Error(`The connection to the API server broke: ${String(message)}`);
}
