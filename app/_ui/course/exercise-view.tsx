import { IconDownload } from "@tabler/icons-react";
import type { ExercisePageView } from "#app/_server/queries/course/exercise-page.ts";
import { assignmentPath, coursePath, exercisePathOf } from "#app/_ui/addresses.ts";
import { receptionRule } from "#course/deadlines/reception-time.ts";
import type { ExerciseSpec } from "#grading/exercises/spec/spec.ts";
import { waitingRule } from "#grading/runs/queue/queue-bound.ts";
import { sendingPaceRule } from "#grading/submissions/sending-pace.ts";
import { paceRule } from "#grading/submissions/upload-pace.ts";
import { formatBytes, formatPoints, formatSpan, plural } from "../format.ts";
import { LinkButton } from "../page/links.tsx";
import { News } from "../page/news.tsx";
import { PageHead } from "../page/page-head.tsx";
import { EmptyState, Facts, Panel } from "../page/panel.tsx";
import { StateTag } from "../state/state-tag.tsx";
import { DeadlineBlock, DeadlineTag } from "../time/deadline-block.tsx";
import { Due } from "../time/due.tsx";
import type { Zones } from "../time/zoned-time.tsx";
import { RefusalNotice } from "../upload/refusal-notice.tsx";
import { AttemptScore } from "./attempt-score.tsx";
import { AttemptsTable } from "./attempts-table.tsx";
import classes from "./exercise-view.module.css";
import { HandIn } from "./hand-in.tsx";
import { KubernetesPanel } from "./kubernetes-panel.tsx";
import { RefusalsList } from "./refusals-list.tsx";

interface ExerciseViewProps {
  view: ExercisePageView;
  course: { slug: string; code: string; title: string };
  /** course/assignment/exercise */
  path: string;
  /** Why the upload from the plain form, whose answer this page is, was refused. */
  refusal: string | null;
  zones: Zones;
  nowIso: string;
  formKey: string;
  /** The reader's id: work is handed in under no other. */
  person: string;
}

/** An exercise: what to hand in, when, how it is graded, and what the reader handed in so far. */
export function ExerciseView(props: ExerciseViewProps) {
  const { view, course, path, refusal, zones, nowIso, formKey, person } = props;
  const { assignment, spec, attempts } = view;
  const back = assignmentPath(course.slug, assignment.slug);
  return (
    <>
      <PageHead
        crumbs={[
          { label: course.code, href: coursePath(course.slug) },
          { label: assignment.title, href: back },
        ]}
        title={view.title}
        state={<ExerciseState view={view} nowIso={nowIso} />}
        actions={
          <>
            {assignment.hasPage ? (
              <LinkButton href={back} variant="default">
                Read the tutorial
              </LinkButton>
            ) : null}
            {view.hasStarter ? (
              <LinkButton
                href={`${exercisePathOf(path)}/starter`}
                variant="default"
                download
                leftSection={<IconDownload size={16} aria-hidden />}
              >
                Starter files
              </LinkButton>
            ) : null}
          </>
        }
      />
      {refusal ? (
        <News className={classes.refusal} parameter="refusal">
          <RefusalNotice message={refusal} />
        </News>
      ) : null}
      {spec?.summary ? <p className={classes.summary}>{spec.summary}</p> : null}
      <div className={classes.grid}>
        <div className={classes.stack}>
          <Panel title="Hand in">
            <HandIn {...{ view, path, formKey, person, zones }} page={back} />
          </Panel>
          <Panel title="Your submissions" aside={<span>the last one counts</span>} flush>
            {attempts.length === 0 ? (
              <EmptyState title="Nothing handed in yet.">
                Your submissions show up here, each with its {view.collected ? "" : "score and its "}receipt.
              </EmptyState>
            ) : (
              <AttemptsTable attempts={attempts} zones={zones} nowIso={nowIso} course={null} />
            )}
          </Panel>
          {view.refusals.length > 0 ? (
            <Panel title="Refused uploads">
              <RefusalsList refusals={view.refusals} zones={zones} nowIso={nowIso} />
            </Panel>
          ) : null}
        </div>
        <div className={classes.stack}>
          <Panel title="Deadline">
            <DeadlineBlock deadline={view.deadline} nowIso={nowIso} />
            <p className={classes.note}>{receptionRule}</p>
          </Panel>
          {spec ? <Checks spec={spec} share={view.share} /> : null}
          {spec?.facilities.kubernetes ? <KubernetesPanel spec={spec.facilities.kubernetes} /> : null}
          {view.collected ? (
            <Panel title="How it is graded">
              <p className={classes.note}>
                No machine grades this. Staff have what you hand in, with its time; the receipt is your proof.
              </p>
            </Panel>
          ) : null}
          <Limits view={view} />
        </div>
      </div>
    </>
  );
}

function ExerciseState({ view, nowIso }: Pick<ExerciseViewProps, "view" | "nowIso">) {
  const counted = view.attempts.find((attempt) => attempt.counts);
  const { due, status } = view.deadline;
  return (
    <>
      <DeadlineTag status={status} />
      {due ? <Due at={due} nowIso={nowIso} /> : null}
      {counted?.collected ? (
        <>
          <StateTag state="received" />
          <span>submission {counted.number}</span>
        </>
      ) : counted?.run ? (
        <>
          <StateTag state={counted.run.state} />
          <span>
            submission {counted.number}
            {counted.points === null ? "" : ": "}
            {counted.points === null ? null : <AttemptScore attempt={counted} />}
          </span>
        </>
      ) : view.attempts.length === 0 ? (
        <span>nothing handed in yet</span>
      ) : (
        <StateTag
          state="cancelled"
          word={
            view.collected
              ? "Nothing of yours counts: submit again"
              : "Nothing of yours counts: have a submission run again, or submit again"
          }
        />
      )}
    </>
  );
}

/** share: what the exercise is worth in the course; null while nobody knows. */
function Checks({ spec, share }: { spec: ExerciseSpec; share: number | null }) {
  const total = spec.checks.reduce((sum, check) => sum + check.points, 0);
  const worth = share === null ? "" : `, worth ${formatPoints(share)} in the course`;
  const titles = new Map(spec.checks.map((check) => [check.id, check.title]));
  return (
    <Panel
      title="How it is graded"
      aside={
        <span className="num">
          {plural(spec.checks.length, "check")}, {formatPoints(total)} points{worth}
        </span>
      }
      flush
    >
      <ol className={classes.checks}>
        {spec.checks.map((check) => (
          <li key={check.id}>
            <span>
              {check.title}
              {check.needs.length > 0 ? (
                <small>needs: {check.needs.map((need) => titles.get(need) ?? need).join(", ")}</small>
              ) : null}
            </span>
            <b className="num">{formatPoints(check.points)} points</b>
          </li>
        ))}
      </ol>
    </Panel>
  );
}

function Limits({ view }: Pick<ExerciseViewProps, "view">) {
  const { takes, spec, storageBytes } = view;
  if (takes === null) return null;
  const { limits } = takes;
  return (
    <Panel title="Limits">
      <Facts
        rows={[
          { name: "Upload", value: `at most ${formatBytes(limits.packedBytes)}` },
          { name: "Unpacked", value: `at most ${formatBytes(limits.unpackedBytes)}` },
          { name: "Files", value: `at most ${limits.entries.toLocaleString("en-US")}` },
          { name: "Sending", value: sendingPaceRule },
          {
            name: "Storage",
            value: `at most ${formatBytes(storageBytes)} of your submissions to this course`,
          },
          { name: "Submissions", value: paceRule },
          ...(spec
            ? [
                { name: "Queue", value: waitingRule },
                { name: "Grading", value: `at most ${formatSpan(spec.timeoutSeconds)}` },
              ]
            : []),
        ]}
      />
    </Panel>
  );
}
