/** What asks a web process to stop: whoever started it, or Ctrl-C. */
const stopSignals = ["SIGTERM", "SIGINT"] as const;

/** Does this when the process is asked to stop, each time by another signal: it must do no harm twice. */
export function onStop(stop: () => void, signals: Pick<NodeJS.EventEmitter, "once"> = process): void {
  for (const signal of stopSignals) signals.once(signal, stop);
}
