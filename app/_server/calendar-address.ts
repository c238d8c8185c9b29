import { createHmac, timingSafeEqual } from "node:crypto";

/**
 * Names of calendars' files in their private addresses. Whoever has the whole database and not the site's secret can
 * make none up.
 */
export interface CalendarAddresses {
  fileNameOf(feedId: string): string;
  /** The feed's id; null when the name was not made here. */
  feedOf(fileName: string): string | null;
}

const form = /^(cal_[0-9a-z]{26})-([0-9a-f]{32})\.ics$/;

/** secret: the site's. */
export function createCalendarAddresses(secret: string): CalendarAddresses {
  const proofOf = (feedId: string) =>
    createHmac("sha256", secret).update(`calendar feed ${feedId}`).digest("hex").slice(0, 32);
  return {
    fileNameOf: (feedId) => `${feedId}-${proofOf(feedId)}.ics`,
    feedOf(fileName) {
      const [, feedId, proof] = form.exec(fileName) ?? [];
      if (feedId === undefined || proof === undefined) return null;
      return timingSafeEqual(Buffer.from(proof), Buffer.from(proofOf(feedId))) ? feedId : null;
    },
  };
}
