/**
 * Sends strings as a server-sent event stream. `messages` is asked for the next one only when the client took the
 * last. It is ended, through the signal, when the client goes: the server tells of that by the request's signal, by
 * cancelling the body, or by both in either order, also while a message is being awaited or before the first one.
 */
export function sseResponse(
  request: Request,
  start: (signal: AbortSignal) => AsyncGenerator<string>,
  onError: (error: unknown) => void,
): Response {
  const cancelled = new AbortController();
  const gone = AbortSignal.any([request.signal, cancelled.signal]);
  const messages = start(gone);
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const next = await messages.next();
          // A body that was cancelled meanwhile is closed: touching it again would throw.
          if (cancelled.signal.aborted) return;
          if (next.done || gone.aborted) controller.close();
          else controller.enqueue(encoder.encode(next.value));
        } catch (error) {
          onError(error);
          // The client sees a broken line and comes back with its last id.
          if (!cancelled.signal.aborted) controller.error(error);
        }
      },
      async cancel() {
        cancelled.abort();
        await messages.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(body, {
    headers: {
      "Content-Type": "text/event-stream; charset=utf-8",
      // no-transform also keeps Next from compressing, which would hold lines back.
      "Cache-Control": "no-store, no-transform",
      "X-Accel-Buffering": "no",
    },
  });
}
