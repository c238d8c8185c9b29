import { newId } from "#course/ids.ts";
import type { Db } from "#infra/db/connection/client.ts";

const hour = 3_600_000;

/** A course's class 1, which ended an hour before, and its class 2 two days after it; both with a survey. */
export async function seedSurveyClass(db: Db, courseId: string, now: Date): Promise<void> {
  const ended = now.getTime() - hour;
  await db.classMeeting.createMany({
    data: [ended, ended + 48 * hour].map((end, index) => ({
      ...{ id: newId("cls", now), courseId, number: index + 1, kind: "lecture" as const },
      ...{ title: index === 0 ? "Containers" : "Kubernetes", place: "CP 106", objectives: [] },
      startsAt: new Date(end - 2 * hour),
      endsAt: new Date(end),
      surveyDueAt: new Date(end + 72 * hour),
      surveyClosesAt: new Date(ended + 30 * 24 * hour),
    })),
  });
}
