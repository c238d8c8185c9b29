import { z } from "zod";
import { resolveRelease } from "../deadlines/resolve-due.ts";
import { title } from "./spec-parts.ts";

/**
 * The head of content/<course>/announcements/<slug>.md, between two lines of ---, above its text in Markdown:
 *
 *   ---
 *   title: Slides of class 17
 *   publish: 2024-11-21T18:00     # on the clock of the course's zone
 *   pinned: true                  # above the others
 *   ---
 */
export const longestAnnouncement = 20_000;

export const announcementHead = (timeZone: string) =>
  z
    .strictObject({ title, publish: z.string(), pinned: z.boolean().default(false) })
    .transform((parsed, context) => {
      const at = resolveRelease(parsed.publish, timeZone);
      if (at.outcome === "invalid") {
        context.addIssue({ code: "custom", path: ["publish"], message: at.message });
      }
      return {
        title: parsed.title,
        pinned: parsed.pinned,
        publishAt: at.outcome === "ok" ? at.instant : new Date(Number.NaN),
      };
    });

export interface AnnouncementSpec {
  slug: string;
  title: string;
  pinned: boolean;
  publishAt: Date;
  /** Markdown. */
  body: string;
}
