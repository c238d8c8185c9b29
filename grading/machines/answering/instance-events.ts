import type { InstanceNotice } from "#grading/protocol/messages.ts";

/** What a provider says of its instances elsewhere than in them, so that one is heard of that tells nothing itself. */
export interface InstanceEvents {
  /** Waits for some; none came in time: empty. Rejects where nobody can be asked, or the signal is aborted. */
  receive(signal: AbortSignal): Promise<InstanceEvent[]>;
}

export interface InstanceEvent {
  said:
    | { kind: "notice"; instanceId: string; notice: InstanceNotice }
    /** It can be read, and is of no interest. */
    | { kind: "other"; what: string }
    | { kind: "unreadable"; why: string };
  /** Nobody is told of it again. What is not done is told again after a while, and at last put aside. */
  done(): Promise<void>;
}
