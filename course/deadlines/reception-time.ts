/** What sending an upload may take before the time that it takes longer is added to its reception. */
export const sendingSeconds = 60;
export const sendingBytesPerSecond = 100 * 1024;

/** How an upload arrived; bytes: of its files. */
export interface Sending {
  firstByteAt: Date;
  lastByteAt: Date;
  bytes: number;
}

/**
 * When an upload counts as received: when its first byte arrived, so that a slow line costs nobody a deadline; later
 * by as much as the rest took longer than it may, so that a first byte alone holds no place. What began before an
 * instant counts as before it if it is all there within the time for sending after it.
 */
export function receptionTime({ firstByteAt, lastByteAt, bytes }: Sending): Date {
  const tookMs = lastByteAt.getTime() - firstByteAt.getTime();
  const mayTakeMs = sendingSeconds * 1000 + (bytes / sendingBytesPerSecond) * 1000;
  return new Date(firstByteAt.getTime() + Math.max(0, Math.ceil(tookMs - mayTakeMs)));
}

/** For pages, about uploads in general. */
export const receptionRule = `An upload is received when its first byte arrives. Sending the rest may take ${sendingSeconds} seconds and one more for each ${sendingBytesPerSecond / 1024} KB; what it takes longer is added.`;
