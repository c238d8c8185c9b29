import type { ClassCounts } from "#app/_server/queries/course/staff-assignment.ts";
import { plural } from "../../format.ts";
import { TextLink } from "../../page/links.tsx";
import { EmptyState, Facts, Panel } from "../../page/panel.tsx";
import classes from "./deadlines.module.css";

interface ClassPanelProps {
  counts: ClassCounts;
  base: string;
  mayChange: boolean;
  hasDue: boolean;
}

/** How many of the class have handed in, and who has not. */
export function ClassPanel({ counts, base, mayChange, hasDue }: ClassPanelProps) {
  if (counts.exercises === 0 || counts.students === 0) {
    return (
      <Panel title="The class" flush>
        {counts.students === 0 ? (
          <EmptyState title="No student yet.">
            Who has handed in shows up here once students are enrolled.
          </EmptyState>
        ) : (
          <EmptyState title="Nothing is handed in here.">
            The assignment has no exercise; who has handed in shows up here once it has one.
          </EmptyState>
        )}
      </Panel>
    );
  }
  const { notStarted } = counts;
  return (
    <Panel title="The class" aside={<span className="num">{plural(counts.students, "student")}</span>}>
      <Facts
        rows={[
          { name: "Handed in", value: plural(counts.started, "student") },
          { name: "Not started", value: plural(notStarted.length, "student") },
          { name: "Submissions", value: String(counts.submissions) },
          { name: "Refused uploads", value: String(counts.refusals) },
        ]}
      />
      {notStarted.length > 0 ? (
        <details className={classes.more}>
          <summary>Who has not started</summary>
          <ul className={classes.names}>
            {notStarted.map((one) => (
              <li key={one.userId}>
                {mayChange && hasDue ? (
                  <TextLink href={`${base}?grant=${one.userId}#grant`}>{one.name}</TextLink>
                ) : (
                  one.name
                )}
                {one.section ? `, ${one.section}` : ""}
              </li>
            ))}
          </ul>
        </details>
      ) : null}
    </Panel>
  );
}
