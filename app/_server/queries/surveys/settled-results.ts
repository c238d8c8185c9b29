import { settleSurveys } from "#infra/db/surveys/write-batches.ts";
import type { Services } from "../../services.ts";
import { readResults, type SurveyResult } from "./survey-results.ts";

/**
 * Results as staff read them: what is due to be written is written first, should no worker have done so. Where that
 * fails, what was written before is read all the same.
 */
export async function readSettledResults(
  services: Services,
  course: { id: string; timeZone: string },
): Promise<SurveyResult[]> {
  await settleSurveys(services, course.id).catch((err: unknown) =>
    services.log.error({ err, courseId: course.id }, "Answers to surveys could not be written."),
  );
  return readResults(services, course);
}
