import type { Services } from "../../services.ts";
import { countWaitingSurveys } from "../surveys/list-surveys.ts";
import type { CourseView } from "./course-page.ts";
import { listOwnTalks, type OwnTalk } from "./own-talks.ts";
import { type InvitationLine, listInvitations } from "./team-invitations.ts";

/** What of a course waits for a student beside its deadlines. */
export interface Waiting {
  invitations: InvitationLine[];
  talks: OwnTalk[];
  /** Surveys that can be answered now. */
  surveys: number;
}

/** By the courses' ids. isStudent: in which of them this person is one; staff answer no surveys. */
export async function readWaiting(
  services: Services,
  userId: string,
  courses: readonly (CourseView & { isStudent: boolean })[],
): Promise<(courseId: string) => Waiting> {
  const [invitations, talks, surveys] = await Promise.all([
    listInvitations(services, userId),
    listOwnTalks(services, userId),
    Promise.all(
      courses.map(async (course) => {
        const count = course.isStudent ? await countWaitingSurveys(services, course, userId) : 0;
        return [course.id, count] as const;
      }),
    ),
  ]);
  const counts = new Map(surveys);
  return (courseId) => ({
    invitations: invitations.filter((one) => one.courseId === courseId),
    talks: talks.filter((one) => one.courseId === courseId),
    surveys: counts.get(courseId) ?? 0,
  });
}
