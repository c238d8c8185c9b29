/**
 * Where the pages of a course are: one address for one noun, and what staff see more of it below the same. Slugs and
 * ids have only letters, digits and hyphens, so nothing has to be escaped.
 */

export const coursePath = (course: string) => `/courses/${course}`;
export const schedulePath = (course: string) => `${coursePath(course)}/schedule`;
/** The reader's own calendar. */
export const calendarPath = (course: string) => `${coursePath(course)}/calendar`;
/** file: of its private address. */
export const calendarFilePath = (file: string) => `/api/calendar/${file}`;
export const presentationsPath = (course: string) => `${coursePath(course)}/presentations`;
/** Proposals and who presents when, for staff. */
export const talkPlanPath = (course: string) => `${presentationsPath(course)}/plan`;
/** number: of the class. */
export const talkTimerPath = (course: string, number: number) =>
  `${presentationsPath(course)}/timer?class=${number}`;
export const reviewsPath = (course: string) => `${coursePath(course)}/reviews`;
export const searchPath = (course: string) => `${coursePath(course)}/search`;
export const announcementsPath = (course: string) => `${coursePath(course)}/announcements`;
/** For staff: to write one, and to change one. */
export const newAnnouncementPath = (course: string) => `${announcementsPath(course)}/new`;
export const announcementPath = (course: string, announcement: string) =>
  `${announcementsPath(course)}/${announcement}/edit`;
/** For staff: what is held every week, and exceptions. */
export const officeHoursPath = (course: string) => `${schedulePath(course)}/office-hours`;
/** For staff: where files and site say two things. */
export const conflictsPath = (course: string) => `${coursePath(course)}/conflicts`;
export const assignmentsPath = (course: string) => `${coursePath(course)}/assignments`;
export const assignmentPath = (course: string, assignment: string) =>
  `${assignmentsPath(course)}/${assignment}`;
/** Deadline and extensions, for staff. */
export const deadlinesPath = (course: string, assignment: string) =>
  `${assignmentPath(course, assignment)}/deadlines`;
/** Where the forms of a student's team are sent. */
export const teamActsPath = (course: string, assignment: string) =>
  `${assignmentPath(course, assignment)}/team`;
/** All teams of it, for staff. */
export const teamsPath = (course: string, assignment: string) =>
  `${assignmentPath(course, assignment)}/teams`;
export const exercisePath = (course: string, assignment: string, exercise: string) =>
  `${assignmentPath(course, assignment)}/${exercise}`;
/** exercise: as the API names one, course/assignment/exercise. */
export function exercisePathOf(exercise: string): string {
  const [course = "", assignment = "", own = ""] = exercise.split("/");
  return exercisePath(course, assignment, own);
}
export const surveysPath = (course: string) => `${coursePath(course)}/surveys`;
/** What is asked next, for staff. */
export const surveyQuestionsPath = (course: string) => `${surveysPath(course)}/questions`;
/** The number of a class in an address; null: no class has such a one. */
export const surveyNumber = (text: string) => (/^[1-9]\d{0,2}$/.test(text) ? Number(text) : null);
/** Of the class of this number. */
export const surveyPath = (course: string, number: number) => `${surveysPath(course)}/${number}`;
/** For staff. */
export const surveyResultsPath = (course: string, number: number) => `${surveyPath(course, number)}/results`;
/** The reader's own. */
export const submissionsPath = (course: string) => `${coursePath(course)}/submissions`;
/** The whole class's, for staff. */
export const allSubmissionsPath = (course: string) => `${submissionsPath(course)}/all`;
export const fleetPath = (course: string) => `${coursePath(course)}/fleet`;
export const machineImagesPath = (course: string) => `${fleetPath(course)}/images`;
export const runPath = (run: string) => `/runs/${run}`;
export const submissionPath = (submission: string) => `/submissions/${submission}`;
/** Where whoever has handed in goes on: to the run, or to the receipt where nothing grades it. */
export const handedInPath = (submission: string, run: string | null) =>
  run === null ? submissionPath(submission) : runPath(run);
export const staffRunPath = (run: string) => `${runPath(run)}/staff`;
