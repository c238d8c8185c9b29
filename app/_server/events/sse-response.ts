import { textStream } from "./text-stream.ts";

/**
 * Sends strings as a server-sent event stream, each when the client took the one before; see textStream. A client whose
 * line breaks comes back with its last id.
 */
export function sseResponse(
  request: Request,
  start: (signal: AbortSignal) => AsyncGenerator<string>,
  onError: (error: unknown) => void,
): Response {
  return new Response(textStream(request, start, onError), {
    headers: {
      "Content-Type": "text/event-stream; charset=utf-8",
      // no-transform also keeps Next from compressing, which would hold lines back.
      "Cache-Control": "no-store, no-transform",
      "X-Accel-Buffering": "no",
    },
  });
}
