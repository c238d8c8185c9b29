/**
 * Sends strings as a server-sent event stream. `messages` is asked for the next one only when the client took the
 * last; it is ended, through the signal, when the client goes.
 */
export function sseResponse(
  request: Request,
  start: (signal: AbortSignal) => AsyncGenerator<string>,
  onError: (error: unknown) => void,
): Response {
  const gone = new AbortController();
  request.signal.addEventListener("abort", () => gone.abort(), { once: true });
  const messages = start(gone.signal);
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const next = await messages.next();
          // Whoever went away while we waited has closed the stream already.
          if (gone.signal.aborted) return;
          if (next.done) controller.close();
          else controller.enqueue(encoder.encode(next.value));
        } catch (error) {
          onError(error);
          // The client sees a broken line and comes back with its last id.
          if (!gone.signal.aborted) controller.error(error);
        }
      },
      async cancel() {
        gone.abort();
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
