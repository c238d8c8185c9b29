import type { SeededClass } from "./seed-class.ts";

export interface SitePage {
  name: string;
  path: string;
  /** Signed in as; null: as nobody. */
  as: "student" | "instructor" | null;
  /** JavaScript in bytes over the wire, headers included, that a browser may load for it with nothing kept. */
  scriptBytes: number;
}

/** Pages to read, with a form or two that works without JavaScript. */
const text = 120_000;
/** Pages that are used: files are dropped, a run is followed, fields complete what is typed. */
const used = 180_000;

/** Every page of the site, with what it may weigh. */
export function sitePages({ courseSlug, student }: SeededClass): SitePage[] {
  const course = `/courses/${courseSlug}`;
  const pages = (as: SitePage["as"], scriptBytes: number, list: Record<string, string>) =>
    Object.entries(list).map(([name, path]) => ({ name, path, as, scriptBytes }));
  return [
    ...pages(null, text, { landing: "/", "sign-in": "/sign-in" }),
    ...pages(null, used, { "check a receipt": "/receipts" }),
    ...pages("student", text, {
      home: "/",
      course,
      schedule: `${course}/schedule`,
      calendar: `${course}/calendar`,
      assignments: `${course}/assignments`,
      announcements: `${course}/announcements`,
      search: `${course}/search?q=tutorial`,
      tutorial: `${course}/assignments/tutorial-7`,
      "assignment without a page": `${course}/assignments/project-report`,
      "tutorial with teams": `${course}/assignments/tutorial-9`,
      "my submissions": `${course}/submissions`,
    }),
    ...pages("student", used, {
      submission: `/submissions/${student.submissionId}`,
      exercise: `${course}/assignments/tutorial-7/docker-containers`,
      "collected work": `${course}/assignments/project-report/work`,
      run: `/runs/${student.runId}`,
      presentations: `${course}/presentations`,
      reviews: `${course}/reviews`,
      // It sends answers that could not be sent before.
      surveys: `${course}/surveys`,
      "survey to answer": `${course}/surveys/1`,
    }),
    ...pages("instructor", text, {
      "home, staff": "/",
      "course, staff": course,
      "all submissions": `${course}/submissions/all`,
      "machine images": `${course}/fleet/images`,
    }),
    ...pages("instructor", used, {
      conflicts: `${course}/conflicts`,
      "presentations, plan": `${course}/presentations/plan`,
      "reviews, staff": `${course}/reviews`,
      "write an announcement": `${course}/announcements/new`,
      "edit an announcement": `${course}/announcements/kubernetes-labs/edit`,
      "office hours, staff": `${course}/schedule/office-hours`,
      "survey, results": `${course}/surveys/1/results`,
      "questions of surveys": `${course}/surveys/questions`,
      "assignment, staff": `${course}/assignments/tutorial-7/deadlines`,
      "teams, staff": `${course}/assignments/tutorial-9/teams`,
      fleet: `${course}/fleet`,
      "run, staff": `/runs/${student.runId}/staff`,
    }),
  ];
}
