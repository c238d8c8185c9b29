import { settleSurveys } from "#infra/db/surveys/write-batches.ts";
import type { Services } from "../../services.ts";
import { readResults, type SurveyResult } from "./survey-results.ts";

/** Results as staff read them: what is due to be written is written first, should no worker have done so. */
export async function readSettledResults(
  services: Services,
  course: { id: string; timeZone: string },
): Promise<SurveyResult[]> {
  await settleSurveys(services, course.id);
  return readResults(services, course);
}
