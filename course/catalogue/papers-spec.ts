import { z } from "zod";
import { link, type Report, reportRepeated, slug, title } from "./spec-parts.ts";

/**
 * The shape of content/<course>/papers.yaml, what is suggested for presentations:
 *
 *   papers:
 *     - slug: goldfish
 *       kind: paper
 *       title: "Goldfish: Serverless Actors with Short-Term Memory State"
 *       venue: UCC
 *       year: 2023
 *       link: https://…
 */
export const topicKinds = ["paper", "technology"] as const;

export const papersSpec = z
  .strictObject({
    papers: z
      .array(
        z.strictObject({
          slug,
          kind: z.enum(topicKinds).default("paper"),
          title: title.max(300),
          venue: z.string().min(1).max(120).optional(),
          year: z.number().int().min(1950).max(2100).optional(),
          link: link.optional(),
        }),
      )
      .max(500),
  })
  .transform((parsed, context) => {
    const report: Report = (path, message) => context.addIssue({ code: "custom", path, message });
    for (const key of ["slug", "title"] as const) {
      reportRepeated(
        parsed.papers.map((paper) => paper[key]),
        (index) => ["papers", index, key],
        report,
      );
    }
    return parsed;
  });
export type PapersSpec = z.output<typeof papersSpec>;
