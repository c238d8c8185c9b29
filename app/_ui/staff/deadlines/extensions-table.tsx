import type { ExtensionRow } from "#app/_server/queries/course/staff-assignment.ts";
import { TextLink } from "../../page/links.tsx";
import { EmptyState } from "../../page/panel.tsx";
import { type Column, RowsTable } from "../../page/rows-table.tsx";
import { StateTag } from "../../state/state-tag.tsx";
import { ZonedTime, type Zones } from "../../time/zoned-time.tsx";
import classes from "./deadlines.module.css";
import { ZonedLines } from "./zoned-lines.tsx";

interface ExtensionsTableProps {
  extensions: ExtensionRow[];
  base: string;
  mayChange: boolean;
  /** There is a form to give one with. */
  mayGrant: boolean;
  zones: Zones;
}

/** Who has until when, why and by whom; the earliest first. */
export function ExtensionsTable({ extensions, base, mayChange, mayGrant, zones }: ExtensionsTableProps) {
  if (extensions.length === 0) {
    return (
      <EmptyState title="Nobody has an extension.">
        {mayGrant
          ? "Give a student more time with the form below; it shows up here at once."
          : "When an instructor gives a student more time, it shows up here."}
      </EmptyState>
    );
  }
  const columns: Column<ExtensionRow>[] = [
    { name: "Student", cell: (row) => <Student row={row} /> },
    {
      name: "New due date",
      cell: ({ due, hasEffect }) => (
        <>
          <ZonedLines at={due} />
          {hasEffect ? null : <StateTag state="waiting" word="No effect: the assignment is due later" />}
        </>
      ),
    },
    { name: "Why", cell: ({ reason }) => reason },
    {
      name: "Granted",
      cell: ({ grantedBy, grantedAt }) => (
        <div className={classes.person}>
          {grantedBy}
          <small>
            <ZonedTime iso={grantedAt} zones={zones} />
          </small>
        </div>
      ),
    },
  ];
  if (mayChange) {
    columns.push({
      name: "Change",
      cell: ({ id, student, left }) => (
        <div className={classes.acts}>
          {left || !mayGrant ? null : (
            <TextLink href={`${base}?grant=${student.userId}#grant`}>
              Replace<span className="sr"> the extension of {student.name}</span>
            </TextLink>
          )}
          <TextLink href={`${base}?end=${id}#end`}>
            End<span className="sr"> the extension of {student.name}</span>
          </TextLink>
        </div>
      ),
    });
  }
  return <RowsTable label="Extensions" rows={extensions} rowKey={(row) => row.id} columns={columns} />;
}

function Student({ row: { student, left } }: { row: ExtensionRow }) {
  return (
    <div className={classes.person}>
      {student.name}
      <small>
        {student.email}
        {student.section ? `, ${student.section}` : ""}
        {left ? ", no longer a student here" : ""}
      </small>
    </div>
  );
}
