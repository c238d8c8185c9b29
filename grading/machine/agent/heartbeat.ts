import type { Heartbeat, HeartbeatReply } from "../../protocol/messages.ts";
import { Refused } from "./transport.ts";

const everyMs = 2000;

/** The reason of a signal that was aborted because the attempt is over for this machine. */
export class AttemptOver extends Error {
  override readonly name = "AttemptOver";
}

/**
 * Beats every two seconds until stopped; the pace is the event loop's monotonic clock, so a change of the wall clock
 * changes nothing. A beat that is lost is followed by the next one. onOver is told once when Drydock cancels the run
 * or refuses the session.
 */
export function startHeartbeat(
  beat: (phase: Heartbeat["phase"]) => Promise<HeartbeatReply>,
  onOver: (reason: AttemptOver) => void,
) {
  let phase: Heartbeat["phase"] = "idle";
  let beating = false;

  async function once(): Promise<void> {
    // One at a time: a slow answer must not pile up calls.
    if (beating) return;
    beating = true;
    try {
      const { cancel } = await beat(phase);
      if (cancel) onOver(new AttemptOver("Drydock cancelled the run."));
    } catch (error) {
      if (error instanceof Refused && error.over) onOver(new AttemptOver(error.message));
    } finally {
      beating = false;
    }
  }
  const timer = setInterval(once, everyMs);
  void once();

  return {
    enter(next: Heartbeat["phase"]) {
      phase = next;
      void once();
    },
    stop: () => clearInterval(timer),
  };
}
