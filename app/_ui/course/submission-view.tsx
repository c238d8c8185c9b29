import { IconDownload } from "@tabler/icons-react";
import type { SubmissionPageView } from "#app/_server/queries/submission-page.ts";
import { formatBytes, plural, scoreOf } from "../format.ts";
import { LinkButton, TextLink } from "../page/links.tsx";
import { PageHead } from "../page/page-head.tsx";
import { EmptyState, Panel } from "../page/panel.tsx";
import { RowsTable } from "../page/rows-table.tsx";
import { ReceiptCard } from "../run/receipt-card.tsx";
import { LatenessTag } from "../state/lateness-tag.tsx";
import { StateTag } from "../state/state-tag.tsx";
import { ZonedTime, type Zones } from "../time/zoned-time.tsx";
import classes from "./exercise-view.module.css";

interface SubmissionViewProps {
  view: SubmissionPageView;
  /** The reader handed it in. */
  own: boolean;
  zones: Zones;
}

/** What was handed in, the proof of it, and every run of it. */
export function SubmissionView({ view, own, zones }: SubmissionViewProps) {
  const { course, assignment, exercise, receipt } = view;
  const counted = view.runs.find((run) => run.counts) ?? null;
  return (
    <>
      <PageHead
        crumbs={[
          { label: course.title, href: `/courses/${course.slug}` },
          { label: assignment.title, href: `/courses/${course.slug}/${assignment.slug}` },
          { label: exercise.title, href: `/courses/${course.slug}/${assignment.slug}/${exercise.slug}` },
        ]}
        title={`Submission ${view.number}${own ? "" : ` of ${view.student.name}`}`}
        state={
          <>
            {counted ? <StateTag state={counted.state} /> : <span>no run counts</span>}
            <span className="num">{scoreOf(counted)}</span>
            <LatenessTag lateness={view.lateness} />
          </>
        }
        actions={
          <>
            {counted ? <LinkButton href={`/runs/${counted.id}`}>Open the run</LinkButton> : null}
            <LinkButton
              href={`/api/submissions/${receipt.submissionId}/file`}
              download
              variant="default"
              leftSection={<IconDownload size={16} aria-hidden />}
            >
              Download files
            </LinkButton>
          </>
        }
      />
      <div className={classes.grid}>
        <div className={classes.stack}>
          <Panel title="Receipt">
            <ReceiptCard receipt={receipt} zones={zones} />
          </Panel>
          <Panel title="Runs" aside={<span className="num">{plural(view.runs.length, "run")}</span>} flush>
            {view.runs.length === 0 ? (
              <EmptyState title="No run.">A run is made with every submission; tell staff.</EmptyState>
            ) : (
              <RunsOfSubmission runs={view.runs} zones={zones} />
            )}
          </Panel>
        </div>
        <Panel title="Files" aside={<span className="num">{plural(view.files.length, "file")}</span>} flush>
          <ul className={classes.checks}>
            {view.files.map((file) => (
              <li key={file.path}>
                <span className="mono">{file.path}</span>
                <b className="num">{formatBytes(file.bytes)}</b>
              </li>
            ))}
          </ul>
        </Panel>
      </div>
    </>
  );
}

function RunsOfSubmission({ runs, zones }: { runs: SubmissionPageView["runs"]; zones: Zones }) {
  return (
    <RowsTable
      label="Runs"
      rows={runs}
      rowKey={(run) => run.id}
      columns={[
        {
          name: "State",
          cell: ({ id, state }) => (
            <>
              <StateTag state={state} /> <TextLink href={`/runs/${id}`}>open</TextLink>
            </>
          ),
        },
        { name: "Score", cell: (run) => scoreOf(run) },
        { name: "Queued", cell: ({ queuedAt }) => <ZonedTime iso={queuedAt} zones={zones} /> },
        { name: "Counts", cell: ({ counts }) => (counts ? <StateTag state="counts" /> : "replaced") },
      ]}
    />
  );
}
