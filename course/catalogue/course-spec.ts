import { z } from "zod";
import { disorderOf } from "../deadlines/dates/dates-in-order.ts";
import { latePolicy, type StatedLatePolicy } from "../deadlines/late-policy.ts";
import { resolveDue, resolveRelease } from "../deadlines/resolve-due.ts";
import { anywhereOnEarth } from "../deadlines/zones.ts";
import { reviewForm } from "../reviews/review-form.ts";
import { place, type Report, reportRepeated, slug, slugBeside, title, zone } from "./spec-parts.ts";

/**
 * The shape of content/<course>/course.yaml:
 *
 *   slug: tcss562-f2024            # the folder's name
 *   code: TCSS 462/562             # as people call it; the slug when left out
 *   title: Software Engineering for Cloud Computing
 *   term: Fall 2024
 *   timeZone: America/Los_Angeles  # where the course meets
 *   dueZone: AoE                   # zone of the due dates; AoE when left out
 *   sections: [TCSS 462, TCSS 562]
 *   latePolicy: {kind: none}       # default for all assignments
 *   assignments:                   # in the order of the schedule
 *     - slug: tutorial-7
 *       formerly: [docker-lab]     # slugs that it had: its work stays its own, and old addresses lead to it
 *       title: "Tutorial 7: Docker containers"
 *       kind: tutorial
 *       points: 20
 *       extraCredit: true          # its points are added to what can be had; left out: they are part of it
 *       page: tutorials/tutorial-7.mdx
 *       release: 2024-11-12T16:00
 *       due: "2024-11-21"            # a day alone ends at its end
 *       availableUntil: "2024-11-24"
 *       latePolicy: {kind: deduct, percent: 10, per: day, maxPercent: 30}
 *       exercises: [docker-containers]
 *       handIn: In class, on paper.  # where, when there is no exercise
 *       collect: {formats: [tar.gz, zip], maxMegabytes: 50}  # taken here and graded by no machine
 *       reviews: {each: 4, sections: ["462"]}   # of kind review: who writes how many; form: what is asked
 *       team: {min: 1, max: 2}       # how many hand in together; left out: each alone
 *
 * Dates are local to the assignment's dueZone. A page is a path below the course's folder; an exercise is a
 * folder of exercises/.
 */

const pagePath = z
  .string()
  .regex(
    /^[a-z0-9-]+(\/[a-z0-9-]+)*\.mdx$/,
    "a path below the course's folder, such as tutorials/tutorial-7.mdx",
  );

export const assignmentKinds = [
  "tutorial",
  "lab",
  "activity",
  "project",
  "presentation",
  "review",
  "survey",
] as const;

/** Names of a course's own pages beside its assignments. */
export const takenByPages = [
  ...["submissions", "schedule", "assignments", "announcements", "office-hours", "surveys", "presentations"],
  ...[
    "reviews",
    "teams",
    "project",
    "grades",
    "students",
    "fleet",
    "settings",
    "calendar",
    "papers",
    "conflicts",
  ],
];

/** Names of an assignment's own pages beside its exercises. */
export const takenByTabs = ["deadlines", "submissions", "grades", "team", "teams", "settings", "work"];

/** The name under which work is collected, beside an assignment's other pages. */
export const collectedSlug = "work";

const collectSpec = z.strictObject({
  /** One archive of these; any files when left out. */
  formats: z
    .array(z.enum(["tar.gz", "zip", "tar"]))
    .max(3)
    .default([]),
  maxMegabytes: z.number().int().min(1).max(500).default(20),
});

const mostInTeam = 20;

const teamSpec = z
  .strictObject({
    min: z.number().int().min(1).max(mostInTeam).default(1),
    max: z.number().int().min(1).max(mostInTeam),
    /** Whether students of different sections may be in one team. */
    acrossSections: z.boolean().default(false),
  })
  .refine(({ min, max }) => max >= min, {
    path: ["max"],
    message: "The most that a team may have is less than the least: let max be min or more.",
  });

const assignmentSpec = z.strictObject({
  slug: slugBeside(takenByPages),
  /** What its slug was, so that what people handed in is still this assignment's. */
  formerly: z.array(slug).max(20).default([]),
  title,
  kind: z.enum(assignmentKinds),
  points: z.number().min(0).max(10_000),
  /** Its points come on top: it is scored out of 0. */
  extraCredit: z.boolean().default(false),
  page: pagePath.optional(),
  /** When students may see and submit it; at once when left out. */
  release: z.string().optional(),
  due: z.string().optional(),
  /** Until when late work is taken; needs a late policy that takes it. */
  availableUntil: z.string().optional(),
  /** Zone of these dates, when not the course's. */
  dueZone: zone.optional(),
  /** Seconds after the deadline in which work still counts as on time. */
  graceSeconds: z.number().int().min(0).max(86_400).default(0),
  latePolicy: latePolicy.optional(),
  /** Folder names below exercises/. */
  exercises: z.array(slugBeside(takenByTabs)).default([]),
  /** Where it is handed in, in a sentence, when no exercise takes it. */
  handIn: z.string().min(1).max(300).optional(),
  /** Takes work that no machine grades. */
  collect: collectSpec.optional(),
  /** How many hand in together; each alone when left out. */
  team: teamSpec.optional(),
  /** Of kind review: who writes how many about the course's presentations, and on which form. */
  reviews: z
    .strictObject({
      each: z.number().int().min(1).max(20),
      /** Codes of sections; all when left out. */
      sections: z.array(z.string().min(1)).max(20).default([]),
      form: reviewForm.optional(),
    })
    .optional(),
});

const course = z.strictObject({
  slug: slugBeside(["runs"]),
  code: z.string().min(1).max(30).optional(),
  title,
  term: z.string().min(1).max(60),
  timeZone: place,
  dueZone: zone.default(anywhereOnEarth),
  sections: z.array(z.string().min(1).max(60)).min(1),
  latePolicy: latePolicy.default({ kind: "none" }),
  assignments: z.array(assignmentSpec).max(500),
});

/** course.yaml as parsed and checked as a whole; dates are instants, in the order of the schedule. */
export const courseSpec = course.transform((parsed, context) => {
  const report: Report = (path, message) => context.addIssue({ code: "custom", path, message });
  reportRepeated(parsed.sections, (index) => ["sections", index], report);
  const slugs = parsed.assignments.map((assignment) => assignment.slug);
  reportRepeated(slugs, (index) => ["assignments", index, "slug"], report);
  reportFormer(parsed.assignments, report);
  const assignments = parsed.assignments.map((assignment, index) => {
    reportRepeated(assignment.exercises, (at) => ["assignments", index, "exercises", at], report);
    return resolveAssignment(parsed, assignment, (field, message) =>
      report(["assignments", index, field], message),
    );
  });
  return { ...parsed, code: parsed.code ?? parsed.slug, assignments };
});
export type CourseSpec = z.output<typeof courseSpec>;

/** A former slug belongs to one assignment only, and to none that is listed. */
function reportFormer(assignments: z.output<typeof assignmentSpec>[], report: Report) {
  const owners = new Map(assignments.map((assignment) => [assignment.slug, assignment.slug]));
  assignments.forEach((assignment, index) => {
    assignment.formerly.forEach((former, at) => {
      const owner = owners.get(former);
      const path = ["assignments", index, "formerly", at];
      if (owner === former) report(path, `${former} is the slug of an assignment that is listed.`);
      else if (owner !== undefined) report(path, `${former} is a former slug of ${owner} too.`);
      owners.set(former, assignment.slug);
    });
  });
}

/** What the dates are called in the file. */
export const dateKeys = { releasedAt: "release", dueAt: "due", availableUntil: "availableUntil" } as const;

/** The dates of one assignment as instants, and what it takes over from the course. */
function resolveAssignment(
  defaults: { dueZone: string; latePolicy: StatedLatePolicy },
  assignment: z.output<typeof assignmentSpec>,
  report: (field: string, message: string) => void,
) {
  const dueZone = assignment.dueZone ?? defaults.dueZone;
  const policy = assignment.latePolicy ?? defaults.latePolicy;
  const instantOf = (field: "release" | "due" | "availableUntil", resolve: typeof resolveDue) => {
    const text = assignment[field];
    if (text === undefined) return null;
    const resolved = resolve(text, dueZone);
    if (resolved.outcome === "ok") return resolved.instant;
    report(field, resolved.message);
    return null;
  };
  const releasedAt = instantOf("release", resolveRelease);
  const dueAt = instantOf("due", resolveDue);
  const availableUntil = instantOf("availableUntil", resolveDue);
  const disorder = disorderOf({ releasedAt, dueAt, availableUntil });
  if (disorder !== null) report(dateKeys[disorder.field], disorder.rule);
  if (policy.kind !== "none" && dueAt !== null && assignment.availableUntil === undefined) {
    report("due", "The late policy takes late work, so say with availableUntil when that ends.");
  }
  if (assignment.handIn !== undefined && assignment.exercises.length > 0) {
    report("handIn", "Its exercises take the work, so leave handIn out.");
  }
  if (assignment.collect !== undefined && assignment.exercises.length > 0) {
    report("collect", "Its exercises take the work, so leave collect out.");
  }
  if (assignment.collect !== undefined && assignment.handIn !== undefined) {
    report("handIn", "collect takes the work here, so leave handIn out.");
  }
  return { ...assignment, dueZone, latePolicy: policy, releasedAt, dueAt, availableUntil };
}
