import type { Found } from "#app/_server/queries/course/course-search.ts";
import {
  allSubmissionsPath,
  announcementsPath,
  assignmentPath,
  exercisePath,
  runPath,
  schedulePath,
  searchPath,
} from "../addresses.ts";
import { plural } from "../format.ts";
import { TextLink } from "../page/links.tsx";
import { EmptyState, Panel } from "../page/panel.tsx";
import { Button } from "../plain/button.tsx";
import { TextInput } from "../plain/field.tsx";
import classes from "./search.module.css";

interface SearchResultsProps {
  course: string;
  query: string;
  results: Found[];
  isStaff: boolean;
}

const kinds = {
  assignment: "Assignment",
  exercise: "Exercise",
  class: "Class",
  announcement: "Announcement",
  person: "Person",
  run: "Run",
  submission: "Submission",
} as const;

/** A field and what it found; an ordinary form, so the address can be kept and sent. */
export function SearchResults({ course, query, results, isStaff }: SearchResultsProps) {
  return (
    <>
      <search>
        <form action={searchPath(course)} className={classes.form}>
          <TextInput
            label={
              isStaff
                ? "Assignments, classes, announcements, people, or an id"
                : "Assignments, classes and announcements"
            }
            name="q"
            type="search"
            defaultValue={query}
            maxLength={200}
            autoFocus={query === ""}
            data-shortcut="/"
          />
          <Button type="submit">Search</Button>
        </form>
      </search>
      {query.trim() === "" ? null : (
        <Panel title={plural(results.length, "result")} flush>
          {results.length === 0 ? (
            <EmptyState title={`Nothing of this course is called “${query}”.`}>
              Try fewer words, or a part of one.
            </EmptyState>
          ) : (
            <ul className={classes.results}>
              {results.map((found) => (
                <li key={`${found.kind} ${found.ref.join(" ")}`}>
                  <span className={classes.kind}>{kinds[found.kind]}</span>
                  <TextLink href={addressOf(course, found)}>{found.title}</TextLink>
                  {found.detail === "" ? null : <span className={classes.detail}>{found.detail}</span>}
                </li>
              ))}
            </ul>
          )}
        </Panel>
      )}
    </>
  );
}

function addressOf(course: string, { kind, ref: [first = "", second = ""] }: Found): string {
  switch (kind) {
    case "assignment":
      return assignmentPath(course, first);
    case "exercise":
      return exercisePath(course, first, second);
    case "class":
      return `${schedulePath(course)}#class-${first}`;
    case "announcement":
      return `${announcementsPath(course)}#${first}`;
    case "person":
      return `${allSubmissionsPath(course)}?q=${encodeURIComponent(first)}`;
    case "run":
      return runPath(first);
    case "submission":
      return `/submissions/${first}`;
  }
}
