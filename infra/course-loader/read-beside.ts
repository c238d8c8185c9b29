import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import {
  type AnnouncementSpec,
  announcementHead,
  longestAnnouncement,
} from "#course/catalogue/announcement-spec.ts";
import { type PapersSpec, papersSpec } from "#course/catalogue/papers-spec.ts";
import { type ScheduleSpec, scheduleSpec } from "#course/catalogue/schedule-spec.ts";
import { parseYaml } from "#grading/exercises/yaml/parse-yaml.ts";
import type { CourseProblem, LineOf } from "./course-problem.ts";

/** What lies beside course.yaml. Each of the files may be missing; then the course has nothing of it. */
export interface BesideCourse {
  schedule: { spec: ScheduleSpec; lineOf: LineOf } | null;
  papers: PapersSpec["papers"];
  /** By the names of their files. */
  announcements: AnnouncementSpec[];
}

type From = { contentDir: string; slug: string; timeZone: string };

/** Reads schedule.yaml, papers.yaml and announcements/ of content/<slug>. Every problem is told. */
export async function readBeside(from: From): Promise<{ beside: BesideCourse; problems: CourseProblem[] }> {
  const problems: CourseProblem[] = [];
  const schedule = await readYaml(from, "schedule.yaml", scheduleSpec(from.timeZone), problems);
  const papers = await readYaml(from, "papers.yaml", papersSpec, problems);
  const announcements = await readAnnouncements(from, problems);
  return {
    beside: {
      schedule: schedule === null ? null : { spec: schedule.value, lineOf: schedule.lineOf },
      papers: papers?.value.papers ?? [],
      announcements,
    },
    problems,
  };
}

async function readYaml<Schema extends Parameters<typeof parseYaml>[1]>(
  { contentDir, slug }: From,
  name: string,
  schema: Schema,
  problems: CourseProblem[],
) {
  const source = await readText(path.join(contentDir, slug, name));
  if (source === null) return null;
  const parsed = parseYaml(source, schema);
  if (parsed.outcome === "ok") return parsed;
  problems.push(...parsed.problems.map((problem) => ({ ...problem, file: `${slug}/${name}` })));
  return null;
}

async function readAnnouncements(from: From, problems: CourseProblem[]): Promise<AnnouncementSpec[]> {
  const { contentDir, slug } = from;
  const folder = path.join(contentDir, slug, "announcements");
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  const found: AnnouncementSpec[] = [];
  for (const name of names.sort()) {
    if (name.startsWith(".")) continue;
    const file = `${slug}/announcements/${name}`;
    const problem = (line: number, message: string) => problems.push({ file, line, message });
    const own = /^([a-z0-9]+(?:-[a-z0-9]+)*)\.md$/.exec(name)?.[1];
    if (own === undefined) {
      problem(1, "is not an announcement: name it in lower-case words joined by hyphens, such as slides.md");
      continue;
    }
    const source = await readText(path.join(folder, name));
    const announcement = parseAnnouncement(from.timeZone, own, source ?? "", problem);
    if (announcement !== null) found.push(announcement);
  }
  return found;
}

function parseAnnouncement(
  timeZone: string,
  slug: string,
  source: string,
  problem: (line: number, message: string) => void,
): AnnouncementSpec | null {
  const lines = source.replaceAll("\r\n", "\n").split("\n");
  const end = lines.indexOf("---", 1);
  if (lines[0] !== "---" || end < 0) {
    problem(1, "has no head: begin with ---, title: …, publish: …, and --- again");
    return null;
  }
  const head = parseYaml(lines.slice(1, end).join("\n"), announcementHead(timeZone));
  if (head.outcome === "invalid") {
    for (const { line, message } of head.problems) problem(line + 1, message);
    return null;
  }
  const body = lines
    .slice(end + 1)
    .join("\n")
    .trim();
  if (body === "") problem(end + 2, "has no text: write it below the head");
  if (body.length > longestAnnouncement) {
    problem(end + 2, `has ${body.length} characters, and may have ${longestAnnouncement}: shorten it`);
  }
  return { slug, ...head.value, body };
}

async function readText(file: string): Promise<string | null> {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  // A byte-order mark is an editor's habit and no part of the text.
  return bytes === null ? null : bytes.toString("utf8").replace(/^\ufeff/, "");
}
