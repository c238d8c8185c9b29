/**
 * Strings as the body of an answer. `start` is asked for the next one only when the client took the last. It is ended,
 * through the signal, when the client goes: the server tells of that by the request's signal, by cancelling the body,
 * or by both in either order, also while a string is being awaited or before the first one.
 */
export function textStream(
  request: Request,
  start: (signal: AbortSignal) => AsyncGenerator<string>,
  onError: (error: unknown) => void,
): ReadableStream<Uint8Array> {
  const cancelled = new AbortController();
  const gone = AbortSignal.any([request.signal, cancelled.signal]);
  const texts = start(gone);
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const next = await texts.next();
          // A body that was cancelled meanwhile is closed: touching it again would throw.
          if (cancelled.signal.aborted) return;
          if (next.done || gone.aborted) controller.close();
          else controller.enqueue(encoder.encode(next.value));
        } catch (error) {
          onError(error);
          // The client sees a broken line.
          if (!cancelled.signal.aborted) controller.error(error);
        }
      },
      async cancel() {
        cancelled.abort();
        await texts.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
}
