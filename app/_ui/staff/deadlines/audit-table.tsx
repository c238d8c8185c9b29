import type { AuditPage, AuditRow } from "#app/_server/queries/course/assignment-audit.ts";
import type { ChangedValue } from "#app/_server/queries/course/describe-change.ts";
import { formatSpan } from "../../format.ts";
import { TextLink } from "../../page/links.tsx";
import { EmptyState } from "../../page/panel.tsx";
import { RowsTable } from "../../page/rows-table.tsx";
import { EndTime } from "../../time/end-time.tsx";
import { ZonedTime, type Zones } from "../../time/zoned-time.tsx";
import classes from "./deadlines.module.css";

/** Who changed what, when and why: the audit of one assignment. */
export function AuditTable({ audit, base, zones }: { audit: AuditPage; base: string; zones: Zones }) {
  if (audit.rows.length === 0) {
    return (
      <EmptyState title={audit.page > 1 ? "No older change." : "Nothing was changed yet."}>
        Every change of the deadline, the grace or an extension stays here, with who made it and why.
      </EmptyState>
    );
  }
  return (
    <>
      <RowsTable
        label="Changes"
        rows={audit.rows}
        rowKey={(row) => row.id}
        columns={[
          { name: "What", cell: (row) => <What row={row} /> },
          { name: "Before and after", cell: (row) => <Changes row={row} zones={zones} /> },
          { name: "Why", cell: ({ reason }) => reason },
          {
            name: "By",
            cell: ({ by, at }) => (
              <div className={classes.person}>
                {by ?? "Drydock"}
                <small>
                  <ZonedTime iso={at} zones={zones} seconds />
                </small>
              </div>
            ),
          },
        ]}
      />
      <Pager audit={audit} base={base} />
    </>
  );
}

function What({ row: { what, student } }: { row: AuditRow }) {
  return (
    <div className={classes.person}>
      {what}
      {student ? <small>{student}</small> : null}
    </div>
  );
}

function Changes({ row, zones }: { row: AuditRow; zones: Zones }) {
  return (
    <ul className={classes.changes}>
      {row.changes.map(({ name, before, after }) => (
        <li key={name}>
          {name}:{" "}
          {before ? (
            <>
              <Value value={before} zones={zones} /> →{" "}
            </>
          ) : null}
          <Value value={after} zones={zones} />
        </li>
      ))}
    </ul>
  );
}

function Value({ value, zones }: { value: ChangedValue; zones: Zones }) {
  if (value === null) return "none";
  if ("endIso" in value) return <EndTime iso={value.endIso} zones={zones} seconds />;
  if ("iso" in value) return <ZonedTime iso={value.iso} zones={zones} seconds />;
  if ("seconds" in value) return value.seconds === 0 ? "none" : formatSpan(value.seconds);
  return value.text;
}

function Pager({ audit: { page, pages }, base }: { audit: AuditPage; base: string }) {
  if (pages <= 1) return null;
  return (
    <nav className={classes.pager} aria-label="Pages of changes">
      {page > 1 ? <TextLink href={`${base}?page=${page - 1}`}>Newer</TextLink> : <span />}
      <span className="num">
        Page {page} of {pages}
      </span>
      {page < pages ? <TextLink href={`${base}?page=${page + 1}`}>Older</TextLink> : <span />}
    </nav>
  );
}
