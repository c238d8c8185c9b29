import type Docker from "dockerode";

export type PullOutcome = { outcome: "pulled" } | { outcome: "unreachable"; message: string };

/** A registry that says nothing for this long counts as unreachable: firewalls often drop silently. */
const silenceMs = 20_000;

/**
 * Uses the engine's own copy when it has one, unless anew is wanted. Never throws for a registry that cannot be
 * reached, only when the signal ends it.
 */
export async function pullImage(
  docker: Docker,
  image: string,
  { onLine, signal, anew }: { onLine(line: string): void; signal: AbortSignal; anew: boolean },
): Promise<PullOutcome> {
  try {
    await docker.getImage(image).inspect();
    if (!anew) return { outcome: "pulled" };
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode !== 404) throw error;
  }
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), silenceMs);
  try {
    const stream = await docker.pull(image, { abortSignal: AbortSignal.any([signal, silence.signal]) });
    await new Promise<void>((resolve, reject) => {
      docker.modem.followProgress(
        stream,
        (error: Error | null) => (error ? reject(error) : resolve()),
        (event: { status?: string; id?: string; progress?: string }) => {
          timer.refresh();
          onLine([event.status, event.id, event.progress].filter(Boolean).join(" "));
        },
      );
    });
    return { outcome: "pulled" };
  } catch (error) {
    signal.throwIfAborted();
    if (silence.signal.aborted) {
      return { outcome: "unreachable", message: `it was silent for ${silenceMs / 1000} seconds` };
    }
    return { outcome: "unreachable", message: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
  }
}
