/** The reason of a signal that was aborted because something threw where nobody waits for it. */
export class AgentCrashed extends Error {
  override readonly name = "AgentCrashed";
}

/**
 * Aborted when an error comes up outside of every promise and handler, as a library's can: by Node's own rule the
 * program would end there without a word, and its run would be repeated on a machine that ends the same way.
 */
export function listenForCrash(target: Pick<NodeJS.Process, "on">): AbortSignal {
  const crashed = new AbortController();
  const onError = (cause: unknown) =>
    crashed.abort(new AgentCrashed("Something broke in the agent.", { cause }));
  target.on("uncaughtException", onError);
  target.on("unhandledRejection", onError);
  return crashed.signal;
}
