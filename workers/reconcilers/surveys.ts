import { openDueSurveys, type SurveyParts } from "#infra/db/surveys/open-survey.ts";
import { coursesWithSurveys, settleSurveys } from "#infra/db/surveys/write-batches.ts";
import type { Log } from "#infra/telemetry/logger.ts";
import { actOnEach } from "./kit/act-on-each.ts";
import type { Reconciler } from "./kit/loop.ts";

/**
 * Opens the survey of each class that has ended, writes answers that waited for one another, and destroys the keys of
 * surveys that are over; each course by itself. By its own clock, so that no batch says when its last answer came.
 */
export function surveys({ everyMs, log, ...parts }: SurveyParts & { everyMs: number; log: Log }): Reconciler {
  return {
    name: "surveys",
    everyMs,
    pass: async () => {
      const open = await coursesWithOpenSurveys(parts);
      await actOnEach(log, "surveys", open, ({ id }) => openDueSurveys(parts, id));
      const kept = (await coursesWithSurveys(parts)).map((id) => ({ id }));
      await actOnEach(log, "surveys", kept, ({ id }) => settleSurveys(parts, id));
    },
  };
}

async function coursesWithOpenSurveys({ db, clock }: SurveyParts): Promise<{ id: string }[]> {
  const now = clock();
  return db.course.findMany({
    where: { classes: { some: { endsAt: { lte: now }, surveyClosesAt: { gt: now } } } },
    select: { id: true },
  });
}
