import { z } from "zod";
import { latePolicy, type StatedLatePolicy } from "../deadlines/late-policy.ts";
import { resolveDue, resolveRelease } from "../deadlines/resolve-due.ts";
import { anywhereOnEarth, isZone } from "../deadlines/zones.ts";

/**
 * The shape of content/<course>/course.yaml:
 *
 *   slug: tcss562-f2024            # the folder's name
 *   title: Software Engineering for Cloud Computing
 *   term: Fall 2024
 *   timeZone: America/Los_Angeles  # where the course meets
 *   dueZone: AoE                   # zone of the due dates; AoE when left out
 *   sections: [TCSS 462, TCSS 562]
 *   latePolicy: {kind: none}       # default for all assignments
 *   assignments:                   # in the order of the schedule
 *     - slug: tutorial-7
 *       title: "Tutorial 7: Docker containers"
 *       kind: tutorial
 *       points: 20
 *       page: tutorials/tutorial-7.mdx
 *       release: 2024-11-12T16:00
 *       due: "2024-11-21"            # a day alone ends at its end
 *       availableUntil: "2024-11-24"
 *       latePolicy: {kind: deduct, percent: 10, per: day, maxPercent: 30}
 *       exercises: [docker-containers]
 *
 * Dates are local to the assignment's dueZone. A page is a path below the course's folder; an exercise is a
 * folder of exercises/.
 */

const slug = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "lower-case words joined by hyphens, such as tutorial-7");

/** Addresses that the site has for something else. */
const free = (taken: string) => slug.refine((name) => name !== taken, `another name: /${taken} is taken`);

const zone = z.string().refine(isZone, `${anywhereOnEarth} or a name such as America/Los_Angeles`);

const pagePath = z
  .string()
  .regex(
    /^[a-z0-9-]+(\/[a-z0-9-]+)*\.mdx$/,
    "a path below the course's folder, such as tutorials/tutorial-7.mdx",
  );

export const assignmentKinds = ["tutorial", "activity", "project", "presentation", "survey"] as const;

const assignmentSpec = z.strictObject({
  slug: free("submissions"),
  title: z.string().min(1).max(200),
  kind: z.enum(assignmentKinds),
  points: z.number().min(0).max(10_000),
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
  exercises: z.array(slug).default([]),
});

const course = z.strictObject({
  slug: free("runs"),
  title: z.string().min(1).max(200),
  term: z.string().min(1).max(60),
  timeZone: zone.refine((name) => name !== anywhereOnEarth, "a place, such as America/Los_Angeles"),
  dueZone: zone.default(anywhereOnEarth),
  sections: z.array(z.string().min(1).max(60)).min(1),
  latePolicy: latePolicy.default({ kind: "none" }),
  assignments: z.array(assignmentSpec).max(500),
});

/** Reports `message` at a path below the course, as zod's issues do. */
type Report = (path: (string | number)[], message: string) => void;

/** course.yaml as parsed and checked as a whole; dates are instants, in the order of the schedule. */
export const courseSpec = course.transform((parsed, context) => {
  const report: Report = (path, message) => context.addIssue({ code: "custom", path, message });
  reportRepeated(parsed.sections, (index) => ["sections", index], report);
  const slugs = parsed.assignments.map((assignment) => assignment.slug);
  reportRepeated(slugs, (index) => ["assignments", index, "slug"], report);
  const assignments = parsed.assignments.map((assignment, index) => {
    reportRepeated(assignment.exercises, (at) => ["assignments", index, "exercises", at], report);
    return resolveAssignment(parsed, assignment, (field, message) =>
      report(["assignments", index, field], message),
    );
  });
  return { ...parsed, assignments };
});
export type CourseSpec = z.output<typeof courseSpec>;

function reportRepeated(names: string[], pathOf: (index: number) => (string | number)[], report: Report) {
  names.forEach((name, index) => {
    if (names.indexOf(name) < index) report(pathOf(index), `${name} is listed twice.`);
  });
}

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
  if (releasedAt !== null && dueAt !== null && releasedAt >= dueAt) {
    report("release", "The release must lie before the due date.");
  }
  if (availableUntil !== null && (dueAt === null || availableUntil < dueAt)) {
    report("availableUntil", "availableUntil needs a due date that does not lie after it.");
  }
  if (policy.kind !== "none" && dueAt !== null && assignment.availableUntil === undefined) {
    report("due", "The late policy takes late work, so say with availableUntil when that ends.");
  }
  return { ...assignment, dueZone, latePolicy: policy, releasedAt, dueAt, availableUntil };
}
