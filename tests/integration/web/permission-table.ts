import type { PermissionName } from "#app/_server/access/permissions.ts";

/** Who asks: the owner is the student whose work it is; a classmate is another student of the same course. */
export const roles = ["nobody", "owner", "classmate", "outsider", "ta", "instructor"] as const;
export type RoleName = (typeof roles)[number];

/** What there is to ask about; fresh for every request, so that one role's request changes nothing for the next. */
export interface Scene {
  course: string;
  /** Of a graded run of the owner. */
  submissionId: string;
  runId: string;
  /** Of a queued run of the owner. */
  queuedRunId: string;
  /** Of a run of the owner that Drydock failed to grade. */
  notGradableRunId: string;
  /** A small archive that is accepted. */
  archive: Uint8Array<ArrayBuffer>;
}

export interface Entry {
  /** Page: the URL's pattern. Route: the URL's pattern after its method. Action: file#name. */
  entry: string;
  permission: PermissionName;
  request: (scene: Scene) => { path: string; body?: Uint8Array<ArrayBuffer> };
  /** HTTP status by role, in the order of `roles`. 307 for nobody is "sign in first". */
  expected: [
    nobody: number,
    owner: number,
    classmate: number,
    outsider: number,
    ta: number,
    instructor: number,
  ];
}

const open: Entry["expected"] = [200, 200, 200, 200, 200, 200];
const at = (path: string) => () => ({ path });

/** Every page of the site. */
export const pages: Entry[] = [
  { entry: "/", permission: "site.view", request: at("/"), expected: open },
  // Whoever is signed in already is sent on to the course.
  {
    entry: "/sign-in",
    permission: "site.view",
    request: at("/sign-in"),
    expected: [200, 307, 307, 307, 307, 307],
  },
  // Only in place of a page that failed; asked for by itself there is none.
  {
    entry: "/failed",
    permission: "site.view",
    request: at("/failed"),
    expected: [404, 404, 404, 404, 404, 404],
  },
  { entry: "/receipts", permission: "site.view", request: at("/receipts"), expected: open },
  {
    entry: "/courses/[course]",
    permission: "course.view",
    request: ({ course }) => ({ path: `/courses/${course}` }),
    expected: [307, 200, 200, 404, 200, 200],
  },
  {
    entry: "/courses/[course]/assignments",
    permission: "course.view",
    request: ({ course }) => ({ path: `/courses/${course}/assignments` }),
    expected: [307, 200, 200, 404, 200, 200],
  },
  {
    entry: "/courses/[course]/schedule",
    permission: "course.view",
    request: ({ course }) => ({ path: `/courses/${course}/schedule` }),
    expected: [307, 200, 200, 404, 200, 200],
  },
  {
    entry: "/courses/[course]/calendar",
    permission: "calendar.keep",
    request: ({ course }) => ({ path: `/courses/${course}/calendar` }),
    expected: [307, 200, 200, 404, 200, 200],
  },
  {
    entry: "/courses/[course]/presentations",
    permission: "course.view",
    request: ({ course }) => ({ path: `/courses/${course}/presentations` }),
    expected: [307, 200, 200, 404, 200, 200],
  },
  {
    entry: "/courses/[course]/reviews",
    permission: "course.view",
    request: ({ course }) => ({ path: `/courses/${course}/reviews` }),
    expected: [307, 200, 200, 404, 200, 200],
  },
  // The course of this table has no presentations, so what is about them is not there.
  {
    entry: "/courses/[course]/presentations/timer",
    permission: "course.view",
    request: ({ course }) => ({ path: `/courses/${course}/presentations/timer` }),
    expected: [307, 404, 404, 404, 404, 404],
  },
  {
    entry: "/courses/[course]/presentations/plan",
    permission: "talk.plan",
    request: ({ course }) => ({ path: `/courses/${course}/presentations/plan` }),
    expected: [307, 404, 404, 404, 404, 404],
  },
  {
    entry: "/courses/[course]/announcements",
    permission: "course.view",
    request: ({ course }) => ({ path: `/courses/${course}/announcements` }),
    expected: [307, 200, 200, 404, 200, 200],
  },
  {
    entry: "/courses/[course]/announcements/new",
    permission: "announcement.change",
    request: ({ course }) => ({ path: `/courses/${course}/announcements/new` }),
    expected: [307, 404, 404, 404, 200, 200],
  },
  {
    entry: "/courses/[course]/announcements/[announcement]/edit",
    permission: "announcement.change",
    request: ({ course }) => ({ path: `/courses/${course}/announcements/slides/edit` }),
    expected: [307, 404, 404, 404, 200, 200],
  },
  {
    entry: "/courses/[course]/schedule/office-hours",
    permission: "office-hours.change",
    request: ({ course }) => ({ path: `/courses/${course}/schedule/office-hours` }),
    expected: [307, 404, 404, 404, 200, 200],
  },
  {
    entry: "/courses/[course]/conflicts",
    permission: "conflict.list",
    request: ({ course }) => ({ path: `/courses/${course}/conflicts` }),
    expected: [307, 404, 404, 404, 200, 200],
  },
  {
    entry: "/courses/[course]/surveys",
    permission: "course.view",
    request: ({ course }) => ({ path: `/courses/${course}/surveys` }),
    expected: [307, 200, 200, 404, 200, 200],
  },
  {
    // Whoever of the course looks first opens it; the results below are of the same.
    entry: "/courses/[course]/surveys/[number]",
    permission: "course.view",
    request: ({ course }) => ({ path: `/courses/${course}/surveys/1` }),
    expected: [307, 200, 200, 404, 200, 200],
  },
  {
    entry: "/courses/[course]/surveys/[number]/results",
    permission: "survey.manage",
    request: ({ course }) => ({ path: `/courses/${course}/surveys/1/results` }),
    expected: [307, 404, 404, 404, 200, 200],
  },
  {
    entry: "/courses/[course]/surveys/questions",
    permission: "survey.manage",
    request: ({ course }) => ({ path: `/courses/${course}/surveys/questions` }),
    expected: [307, 404, 404, 404, 200, 200],
  },
  {
    entry: "/courses/[course]/search",
    permission: "course.view",
    request: ({ course }) => ({ path: `/courses/${course}/search` }),
    expected: [307, 200, 200, 404, 200, 200],
  },
  {
    // Where an assignment stood before: whoever is in the course is sent on.
    entry: "/courses/[course]/[...old]",
    permission: "course.view",
    request: ({ course }) => ({ path: `/courses/${course}/tutorial-7/docker-containers` }),
    expected: [307, 308, 308, 404, 308, 308],
  },
  {
    entry: "/courses/[course]/submissions",
    permission: "submission.list-own",
    request: ({ course }) => ({ path: `/courses/${course}/submissions` }),
    expected: [307, 200, 200, 404, 200, 200],
  },
  {
    entry: "/courses/[course]/assignments/[assignment]",
    permission: "assignment.view",
    request: ({ course }) => ({ path: `/courses/${course}/assignments/tutorial-7` }),
    expected: [307, 200, 200, 404, 200, 200],
  },
  {
    entry: "/courses/[course]/assignments/[assignment]/[exercise]",
    permission: "exercise.view",
    request: ({ course }) => ({ path: `/courses/${course}/assignments/tutorial-7/docker-containers` }),
    expected: [307, 200, 200, 404, 200, 200],
  },
  {
    entry: "/submissions/[submission]",
    permission: "submission.view",
    request: ({ submissionId }) => ({ path: `/submissions/${submissionId}` }),
    expected: [307, 200, 404, 404, 200, 200],
  },
  {
    entry: "/submissions/[submission]/files",
    permission: "submission.view",
    request: ({ submissionId }) => ({ path: `/submissions/${submissionId}/files` }),
    expected: [307, 200, 404, 404, 200, 200],
  },
  {
    entry: "/submissions/[submission]/files/[...path]",
    permission: "submission.view",
    request: ({ submissionId }) => ({ path: `/submissions/${submissionId}/files/Dockerfile` }),
    expected: [307, 200, 404, 404, 200, 200],
  },
  {
    entry: "/submissions/[submission]/changes",
    permission: "submission.view",
    request: ({ submissionId }) => ({ path: `/submissions/${submissionId}/changes` }),
    expected: [307, 200, 404, 404, 200, 200],
  },
  {
    entry: "/runs/[run]",
    permission: "run.view",
    request: ({ runId }) => ({ path: `/runs/${runId}` }),
    expected: [307, 200, 404, 404, 200, 200],
  },
  {
    entry: "/courses/[course]/submissions/all",
    permission: "submission.list-any",
    request: ({ course }) => ({ path: `/courses/${course}/submissions/all` }),
    expected: [307, 404, 404, 404, 200, 200],
  },
  {
    entry: "/courses/[course]/fleet/images",
    permission: "machine.list",
    request: ({ course }) => ({ path: `/courses/${course}/fleet/images` }),
    expected: [307, 404, 404, 404, 200, 200],
  },
  {
    entry: "/courses/[course]/fleet",
    permission: "machine.list",
    request: ({ course }) => ({ path: `/courses/${course}/fleet` }),
    expected: [307, 404, 404, 404, 200, 200],
  },
  {
    // A ta sees deadlines and extensions, and an instructor changes them: see the actions below.
    entry: "/courses/[course]/assignments/[assignment]/deadlines",
    permission: "assignment.view-staff",
    request: ({ course }) => ({ path: `/courses/${course}/assignments/tutorial-7/deadlines` }),
    expected: [307, 404, 404, 404, 200, 200],
  },
  {
    entry: "/courses/[course]/assignments/[assignment]/teams",
    permission: "team.change",
    request: ({ course }) => ({ path: `/courses/${course}/assignments/tutorial-7/teams` }),
    expected: [307, 404, 404, 404, 200, 200],
  },
  {
    entry: "/runs/[run]/staff",
    permission: "run.view-staff",
    request: ({ runId }) => ({ path: `/runs/${runId}/staff` }),
    expected: [307, 404, 404, 404, 200, 200],
  },
];

/** Every route handler, by method. */
export const routes: Entry[] = [
  // What is open of better-auth is tested in auth.test.ts; here only that the door stands open to all.
  {
    entry: "GET /api/auth/[...all]",
    permission: "site.view",
    request: at("/api/auth/get-session"),
    expected: open,
  },
  {
    entry: "POST /api/auth/[...all]",
    permission: "site.view",
    request: at("/api/auth/sign-up/email"),
    expected: [404, 404, 404, 404, 404, 404],
  },
  // It only ever takes rights away, from its own sender.
  { entry: "POST /api/view", permission: "site.view", request: at("/api/view?as=staff"), expected: open },
  // Who has the private address of a calendar may read it; this one is nobody's.
  {
    entry: "GET /api/calendar/[file]",
    permission: "site.view",
    request: at("/api/calendar/cal_1-0.ics"),
    expected: [404, 404, 404, 404, 404, 404],
  },
  // The permission is all that lies between; what is sent here is no request.
  {
    entry: "POST /api/surveys/token",
    permission: "survey.complete",
    request: ({ course }) => ({ path: `/api/surveys/token?course=${course}&number=1` }),
    expected: [401, 400, 400, 404, 400, 400],
  },
  // Whoever has a token, and nobody is asked who they are.
  {
    entry: "POST /api/surveys/answers",
    permission: "site.view",
    request: at("/api/surveys/answers"),
    expected: [400, 400, 400, 400, 400, 400],
  },
  { entry: "GET /api/health", permission: "site.view", request: at("/api/health"), expected: open },
  {
    entry: "GET /.well-known/jwks.json",
    permission: "site.view",
    request: at("/.well-known/jwks.json"),
    expected: open,
  },
  {
    entry: "GET /schemas/exercise.json",
    permission: "site.view",
    request: at("/schemas/exercise.json"),
    expected: open,
  },
  {
    // The seeded exercise has no starter files: whoever may ask learns that.
    entry: "GET /courses/[course]/assignments/[assignment]/[exercise]/starter",
    permission: "exercise.view",
    request: ({ course }) => ({
      path: `/courses/${course}/assignments/tutorial-7/docker-containers/starter`,
    }),
    expected: [401, 404, 404, 404, 404, 404],
  },
  {
    // The seeded assignment is handed in alone, which is said to whoever may know of it.
    entry: "POST /courses/[course]/assignments/[assignment]/team",
    permission: "team.join",
    request: ({ course }) => ({
      path: `/courses/${course}/assignments/tutorial-7/team`,
      body: new TextEncoder().encode("act=leave"),
    }),
    expected: [401, 409, 409, 404, 409, 409],
  },
  {
    entry: "GET /courses/[course]/fleet.json",
    permission: "machine.list",
    request: ({ course }) => ({ path: `/courses/${course}/fleet.json` }),
    expected: [401, 403, 403, 404, 200, 200],
  },
  {
    entry: "POST /api/submissions",
    permission: "exercise.submit",
    request: ({ course, archive }) => ({
      path: `/api/submissions?exercise=${course}/tutorial-7/docker-containers&name=work.zip`,
      body: archive,
    }),
    expected: [401, 201, 201, 404, 201, 201],
  },
  {
    entry: "GET /api/submissions",
    permission: "exercise.submit",
    request: ({ course }) => ({
      path: `/api/submissions?exercise=${course}/tutorial-7/docker-containers&key=never-sent`,
    }),
    expected: [401, 200, 200, 404, 200, 200],
  },
  {
    entry: "GET /api/submissions/[id]",
    permission: "submission.view",
    request: ({ submissionId }) => ({ path: `/api/submissions/${submissionId}` }),
    expected: [401, 200, 404, 404, 200, 200],
  },
  {
    entry: "GET /api/submissions/[id]/receipt",
    permission: "submission.view",
    request: ({ submissionId }) => ({ path: `/api/submissions/${submissionId}/receipt` }),
    expected: [401, 200, 404, 404, 200, 200],
  },
  {
    entry: "GET /api/submissions/[id]/file",
    permission: "submission.view",
    request: ({ submissionId }) => ({ path: `/api/submissions/${submissionId}/file` }),
    expected: [401, 200, 404, 404, 200, 200],
  },
  {
    entry: "GET /api/submissions/[id]/files/[...path]",
    permission: "submission.view",
    request: ({ submissionId }) => ({ path: `/api/submissions/${submissionId}/files/Dockerfile` }),
    expected: [401, 200, 404, 404, 200, 200],
  },
  {
    entry: "GET /api/runs/[id]",
    permission: "run.view",
    request: ({ runId }) => ({ path: `/api/runs/${runId}` }),
    expected: [401, 200, 404, 404, 200, 200],
  },
  {
    entry: "GET /api/runs/[id]/events",
    permission: "run.view",
    request: ({ runId }) => ({ path: `/api/runs/${runId}/events` }),
    expected: [401, 200, 404, 404, 200, 200],
  },
  {
    entry: "GET /api/runs/[id]/events/list",
    permission: "run.view",
    request: ({ runId }) => ({ path: `/api/runs/${runId}/events/list` }),
    expected: [401, 200, 404, 404, 200, 200],
  },
  {
    entry: "GET /api/runs/[id]/log",
    permission: "run.view",
    request: ({ runId }) => ({ path: `/api/runs/${runId}/log` }),
    expected: [401, 200, 404, 404, 200, 200],
  },
  {
    entry: "POST /api/runs/[id]/rerun",
    permission: "run.rerun",
    request: ({ runId }) => ({ path: `/api/runs/${runId}/rerun` }),
    expected: [401, 403, 404, 404, 201, 201],
  },
  {
    // The same route once more: the owner may, when Drydock failed to grade.
    entry: "POST /api/runs/[id]/rerun",
    permission: "run.rerun",
    request: ({ notGradableRunId }) => ({ path: `/api/runs/${notGradableRunId}/rerun` }),
    expected: [401, 201, 404, 404, 201, 201],
  },
  {
    entry: "POST /api/runs/[id]/cancel",
    permission: "run.cancel",
    request: ({ queuedRunId }) => ({ path: `/api/runs/${queuedRunId}/cancel` }),
    expected: [401, 200, 404, 404, 200, 200],
  },
  {
    // The same route once more: of a run that has ended nothing is left to cancel, whoever may ask.
    entry: "POST /api/runs/[id]/cancel",
    permission: "run.cancel",
    request: ({ runId }) => ({ path: `/api/runs/${runId}/cancel` }),
    expected: [401, 409, 404, 404, 409, 409],
  },
];

/**
 * Every server action with the permission it states; who has it is tested beside permissions.ts, and by sending the
 * forms as each role in staff-deadlines.test.ts and notices.test.ts.
 */
export const actions: Record<string, PermissionName> = {
  // Instructors alone: a later deadline decides grades as points do.
  "app/_server/actions/calendar-actions.ts#renewCalendar": "calendar.keep",
  "app/_server/actions/calendar-actions.ts#endCalendar": "calendar.keep",
  "app/_server/actions/schedule-actions.ts#markObjective": "schedule.mark",
  "app/_server/actions/talk-actions.ts#proposeTalk": "talk.propose",
  "app/_server/actions/talk-actions.ts#wishForDays": "talk.propose",
  "app/_server/actions/talk-actions.ts#commentOnTalk": "talk.propose",
  "app/_server/actions/talk-actions.ts#askForSwap": "talk.propose",
  "app/_server/actions/talk-actions.ts#answerSwap": "talk.propose",
  "app/_server/actions/talk-actions.ts#judgeTalk": "talk.plan",
  "app/_server/actions/talk-actions.ts#publishTalks": "talk.plan",
  "app/_server/actions/talk-plan-action.ts#planTalks": "talk.plan",
  "app/_server/actions/review-actions.ts#sendReview": "review.write",
  "app/_server/actions/review-actions.ts#giveReviews": "review.manage",
  "app/_server/actions/review-actions.ts#keepReviewBack": "review.manage",
  "app/_server/actions/review-actions.ts#handReviewsOn": "review.manage",
  "app/_server/actions/deadline-actions.ts#grantExtensionTo": "deadline.change",
  "app/_server/actions/deadline-actions.ts#endExtensionOf": "deadline.change",
  "app/_server/actions/deadline-actions.ts#setGraceOf": "deadline.change",
  "app/_server/actions/deadline-actions.ts#changeDatesOf": "deadline.change",
  // What the whole course reads, by all staff.
  "app/_server/actions/announcement-actions.ts#writeAnnouncement": "announcement.change",
  "app/_server/actions/announcement-actions.ts#takeAnnouncementOfFile": "announcement.change",
  "app/_server/actions/announcement-actions.ts#removeAnnouncement": "announcement.change",
  "app/_server/actions/announcement-actions.ts#bringAnnouncementBack": "announcement.change",
  "app/_server/actions/office-hours-actions.ts#setOfficeHours": "office-hours.change",
  "app/_server/actions/office-hours-actions.ts#setException": "office-hours.change",
  "app/_server/actions/office-hours-actions.ts#dropException": "office-hours.change",
  "app/_server/actions/office-hours-actions.ts#takeHoursOfFile": "office-hours.change",
  "app/_server/actions/office-hours-actions.ts#removeOfficeHours": "office-hours.change",
  "app/_server/actions/office-hours-actions.ts#bringHoursBack": "office-hours.change",
  // Of a date by instructors, of anything else by all staff.
  "app/_server/actions/conflict-actions.ts#settleConflictFor": "conflict.settle",
  // The kill switch of all courses, and the end of a machine, by whichever of the staff sees that it is needed.
  "app/_server/actions/fleet-actions.ts#stopFleet": "fleet.change",
  "app/_server/actions/fleet-actions.ts#resumeFleet": "fleet.change",
  "app/_server/actions/fleet-actions.ts#endMachine": "fleet.change",
  "app/_server/actions/notice-actions.ts#closeNotice": "notice.close",
  "app/_server/actions/notice-actions.ts#reopenNotice": "notice.close",
  // As for a rerun of a graded run: whoever may replace a result.
  "app/_server/actions/run-actions.ts#letRunCount": "run.make-count",
  // Every one of them, as they help in class; the audit says who and why.
  "app/_server/actions/team-actions.ts#fixTeamOf": "team.change",
  // What is asked next may change what completing it is worth; it is audited.
  "app/_server/actions/survey-actions.ts#changeFeedback": "survey.manage",
  "app/_server/actions/survey-actions.ts#changeQuestions": "survey.manage",
  "app/_server/actions/session-actions.ts#signIn": "site.view",
  "app/_server/actions/session-actions.ts#signOut": "site.view",
};
