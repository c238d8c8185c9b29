import type { AuditPage } from "#app/_server/queries/course/assignment-audit.ts";
import type { StaffDates } from "#app/_server/queries/course/edits/staff-dates.ts";
import type { StaffAssignmentView } from "#app/_server/queries/course/staff-assignment.ts";
import {
  allSubmissionsPath,
  assignmentPath,
  conflictsPath,
  coursePath,
  deadlinesPath,
} from "#app/_ui/addresses.ts";
import { formatPoints, plural } from "../../format.ts";
import { LinkButton } from "../../page/links.tsx";
import { News } from "../../page/news.tsx";
import { Notice } from "../../page/notice.tsx";
import { PageHead } from "../../page/page-head.tsx";
import { Panel } from "../../page/panel.tsx";
import { DeadlineBlock, DeadlineTag } from "../../time/deadline-block.tsx";
import { Due } from "../../time/due.tsx";
import type { Zones } from "../../time/zoned-time.tsx";
import { FileNote } from "../edits/file-note.tsx";
import { AuditTable } from "./audit-table.tsx";
import { ClassPanel } from "./class-panel.tsx";
import { DatesForm } from "./dates-form.tsx";
import type { DeadlineRequest } from "./deadline-request.ts";
import classes from "./deadlines.module.css";
import { EndForm } from "./end-form.tsx";
import { ExtensionsTable } from "./extensions-table.tsx";
import { GraceForm } from "./grace-form.tsx";
import { GraceNote } from "./grace-note.tsx";
import { GrantForm } from "./grant-form.tsx";
import { DeadlineNews } from "./news.tsx";

interface StaffAssignmentProps {
  view: StaffAssignmentView;
  dates: StaffDates;
  audit: AuditPage;
  course: { slug: string; code: string; title: string };
  request: DeadlineRequest;
  /** The reader may change deadlines; others look. */
  mayChange: boolean;
  zones: Zones;
  nowIso: string;
}

/** An assignment as staff manage it: its deadline, its grace, who has longer, and everything that was changed. */
export function StaffAssignment(props: StaffAssignmentProps) {
  const { view, dates, audit, course, request, mayChange, zones, nowIso } = props;
  const page = { course: course.slug, assignment: view.slug };
  const base = deadlinesPath(course.slug, view.slug);
  const changes = mayChange && hasEffect(view);
  return (
    <>
      <Head view={view} course={course} nowIso={nowIso} />
      <DeadlineNews request={request} view={view} change={audit.rows[0]?.id} />
      <NothingHandedIn view={view} />
      <div className={classes.grid}>
        <div className={classes.stack}>
          <Panel title="Deadline">
            <DeadlineBlock deadline={view.deadline} nowIso={nowIso} />
          </Panel>
          <Panel title="Dates for everybody">
            <div className={classes.form}>
              <FileNote
                file="course.yaml"
                inFile={dates.inFile}
                zones={zones}
                conflicts={dates.conflict ? conflictsPath(course.slug) : null}
              />
              {mayChange ? (
                // Another's change makes another form: what it shows is what stands.
                <DatesForm key={dates.seen} page={page} dates={dates} zones={zones} />
              ) : dates.inFile.length === 0 ? (
                <p className={classes.line}>As course.yaml says.</p>
              ) : null}
            </div>
          </Panel>
          <Panel title="Grace for everybody">
            <div className={classes.form}>
              <GraceNote grace={view.grace} hasDue={view.deadline.due !== null} />
              {changes && view.deadline.due ? <GraceForm page={page} grace={view.grace} /> : null}
            </div>
          </Panel>
          <ClassPanel
            counts={view.counts}
            base={base}
            mayChange={changes}
            hasDue={view.deadline.due !== null}
          />
        </div>
        <div className={classes.stack}>
          <EndPanel {...props} page={page} base={base} />
          <Panel
            title="Extensions"
            aside={<span className="num">{plural(view.extensions.length, "student")}</span>}
            flush
          >
            <ExtensionsTable
              extensions={view.extensions}
              base={base}
              mayChange={mayChange}
              mayGrant={changes}
              zones={zones}
            />
          </Panel>
          {changes ? <GrantPanel {...props} page={page} /> : null}
          <Panel title="Changes" aside={<span>newest first; nothing is ever removed</span>} flush>
            <AuditTable audit={audit} base={base} zones={zones} />
          </Panel>
          {mayChange ? null : (
            <p className={classes.line}>
              You see all of this as teaching assistant; an instructor of the course changes it.
            </p>
          )}
        </div>
      </div>
    </>
  );
}

function Head({ view, course, nowIso }: Pick<StaffAssignmentProps, "view" | "course" | "nowIso">) {
  const { due, status } = view.deadline;
  return (
    <PageHead
      crumbs={[
        { label: course.code, href: coursePath(course.slug) },
        { label: "All submissions", href: allSubmissionsPath(course.slug) },
      ]}
      title={`${view.title}: deadline and extensions`}
      state={
        <>
          <DeadlineTag status={status} />
          <Due at={due} nowIso={nowIso} />
          <span className="num">{formatPoints(view.points)} points</span>
          <span className="num">{plural(view.extensions.length, "extension")}</span>
        </>
      }
      actions={
        <LinkButton href={assignmentPath(course.slug, view.slug)} variant="default">
          Open the assignment
        </LinkButton>
      }
    />
  );
}

/** Nothing is handed in here and the date is over: neither grace nor an extension would change anything. */
const hasEffect = ({ counts, deadline }: StaffAssignmentView) =>
  counts.exercises > 0 || deadline.status !== "closed";

function NothingHandedIn({ view }: Pick<StaffAssignmentProps, "view">) {
  if (view.counts.exercises > 0) return null;
  return (
    <div className={classes.news}>
      <Notice tone="info">
        {hasEffect(view)
          ? "Nothing of this assignment is handed in here. An extension changes the date that its student is shown, and nothing else."
          : "This assignment is closed and nothing of it is handed in here, so there is nothing that grace or an extension would change."}
      </Notice>
    </div>
  );
}

type Page = { course: string; assignment: string };

function EndPanel({
  view,
  request,
  mayChange,
  page,
  base,
}: StaffAssignmentProps & { page: Page; base: string }) {
  const ending = view.extensions.find((one) => one.id === request.end);
  if (!mayChange || !ending) return null;
  return (
    <News key={ending.id} id="end">
      <Panel title={`End the extension of ${ending.student.name}?`}>
        <EndForm page={page} extension={ending} ownDue={view.deadline.due} stay={base} />
      </Panel>
    </News>
  );
}

function GrantPanel({ view, request, zones, page }: StaffAssignmentProps & { page: Page }) {
  if (!view.deadline.due) return null;
  const students = view.people.filter((one) => one.role === "student");
  const chosen = students.find((one) => one.userId === request.grant) ?? null;
  return (
    <div id="grant">
      <Panel title="Give an extension">
        <GrantForm
          // A link that chooses another student fills the form anew.
          key={chosen?.userId ?? "nobody"}
          page={page}
          students={students.map(({ name, email }) => ({ name, email }))}
          chosen={chosen && { name: chosen.name, email: chosen.email }}
          zones={zones}
        />
      </Panel>
    </div>
  );
}
