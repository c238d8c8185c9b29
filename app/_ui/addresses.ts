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
export const searchPath = (course: string) => `${coursePath(course)}/search`;
export const announcementsPath = (course: string) => `${coursePath(course)}/announcements`;
export const assignmentsPath = (course: string) => `${coursePath(course)}/assignments`;
export const assignmentPath = (course: string, assignment: string) =>
  `${assignmentsPath(course)}/${assignment}`;
/** Deadline and extensions, for staff. */
export const deadlinesPath = (course: string, assignment: string) =>
  `${assignmentPath(course, assignment)}/deadlines`;
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
export const staffRunPath = (run: string) => `${runPath(run)}/staff`;
