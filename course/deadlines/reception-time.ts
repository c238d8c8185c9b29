/** What sending an upload may take before the time that it takes longer is added to its reception. */
export const sendingSeconds = 60;

/** How an upload arrived. */
export interface Sending {
  firstByteAt: Date;
  lastByteAt: Date;
}

/**
 * When an upload counts as received: when its first byte arrived, later by as much as the rest took longer than it
 * may. What began before an instant counts as before it exactly if it is all there within the time for sending after
 * it. That time is the same for every size: bytes that say nothing yet (padding) would else buy more of it, and who
 * sends a large file over a slow line knows how long it takes and can begin sooner.
 */
export function receptionTime({ firstByteAt, lastByteAt }: Sending): Date {
  const tookMs = lastByteAt.getTime() - firstByteAt.getTime();
  return new Date(firstByteAt.getTime() + Math.max(0, tookMs - sendingSeconds * 1000));
}

/** For pages, about uploads in general. */
export const receptionRule = `An upload is received when its first byte arrives. Sending the rest may take ${sendingSeconds} seconds, whatever its size; what it takes longer is added. So what you began to send before the deadline is on time if all of it is here within ${sendingSeconds} seconds after it: begin sooner with a large file on a slow line.`;
