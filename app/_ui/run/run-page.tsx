"use client";

import { type ReactNode, startTransition, useCallback, useState } from "react";
import type { LogTail } from "#app/_server/queries/run/log-tail.ts";
import type { RunMay } from "#app/_server/queries/run/run-page.ts";
import type { RunView } from "#app/_server/queries/run/run-view.ts";
import { plural } from "../format.ts";
import { PageHead } from "../page/page-head.tsx";
import { EmptyState, Panel } from "../page/panel.tsx";
import { RefusedNews } from "../page/refused-news.tsx";
import { ReceiptCard } from "../receipt/receipt-card.tsx";
import { useNow } from "../time/use-now.ts";
import type { Zones } from "../time/zoned-time.tsx";
import { CheckList } from "./checks/check-list.tsx";
import { FailedLine } from "./checks/failed-line.tsx";
import { useWantedCheck } from "./checks/wanted-check.ts";
import { ConnectionNotice } from "./live/connection-notice.tsx";
import { linesOf } from "./live/run-live.ts";
import { useFreshAtEnd } from "./live/use-fresh-at-end.ts";
import { useRunLive } from "./live/use-run-live.ts";
import { wroteLines } from "./log/log-sections.ts";
import { LogView } from "./log/log-view.tsx";
import { roadSteps, startsKubernetes } from "./road-steps.ts";
import { RunActions } from "./run-actions.tsx";
import { RunNotices } from "./run-notices.tsx";
import classes from "./run-page.module.css";
import { Part, PartTabs } from "./run-parts.tsx";
import { RunRoad } from "./run-road.tsx";
import { RunTruth, runSentence } from "./run-truth.tsx";
import { dotOf } from "./tab/favicon.ts";
import { runHeading, runTitle } from "./tab/run-title.ts";
import { useTabSigns } from "./tab/use-tab-signs.ts";
import { BackToCheck, useRunPart } from "./use-run-part.tsx";

interface RunPageProps {
  initial: RunView;
  nowIso: string;
  zones: Zones;
  crumbs: { label: string; href: string }[];
  /** The submission's. */
  number: number;
  /** Whose it is; null where it is the reader's own and the page need not say so. */
  student: string | null;
  /** The reader handed the work in. */
  own: boolean;
  may: RunMay;
  /** Why what the reader asked for last was not done; null when nothing was asked for, or it was done. */
  refused: string | null;
  /** The staff's page of this run; null for students, and on that page itself. */
  staffHref: string | null;
  /** The log's end as the server rendered it, for readers without JavaScript. */
  plainLog: ReactNode;
  /** The log's end as the page came with it. */
  logTail: LogTail;
  /** Under the log: what only staff see. */
  children?: ReactNode;
}

/** A run as it happens. The first render is what the server knew; the stream moves it on. */
export function RunPage({
  initial,
  nowIso,
  zones,
  crumbs,
  number,
  student,
  own,
  may,
  ...more
}: RunPageProps) {
  const live = useRunLive(initial, more.logTail);
  const { view, log, silentSince } = live;
  const lines = linesOf(live);
  const ticking = useNow(nowIso, !view.run.final || silentSince !== null);
  // What is not heard of does not go on: the clock stands where the server was last heard.
  const now = silentSince ?? ticking;
  const title = runTitle(view, number, student);
  useFreshAtEnd(view, initial);
  useTabSigns(title, dotOf(view.run), initial);
  const { part, setPart, from, showLog, show } = useRunPart();
  const [wanted, want] = useWantedCheck(useCallback(() => show("checks"), [show]));
  // Of a run that ended under the reader's eyes a replay would move all that is below it, and comes when asked for.
  const [watched] = useState(!initial.run.final);
  const [replays, setReplays] = useState(!watched);
  const wrote = (id: string) =>
    wroteLines(log, { attempt: view.run.attempt, check: id }, live.connection === "ended");
  return (
    <>
      <PageHead
        crumbs={crumbs}
        title={runHeading(view, number, student)}
        actions={<RunActions view={view} own={own} may={may} staffHref={more.staffHref} title={title} />}
      />
      <RunTruth view={view} now={now} />
      <FailedLine checks={view.checks} reserved={watched} onWant={want} />
      <Announce sentence={runSentence(view)} />
      <RunRoad steps={roadSteps(view, now)} />
      <RefusedNews sentence={more.refused} />
      <RunNotices view={view} now={now} own={own} may={may} zones={zones} />
      <ConnectionNotice
        silentSince={silentSince}
        signInFor={live.signedOut ? view.run.id : null}
        now={ticking}
        final={view.run.final}
        lines={lines}
      />
      <PartTabs part={part} onPart={setPart} />
      <div
        className={classes.grid}
        data-part={part}
        data-stacked={(replays && view.checks.some(({ timeline }) => timeline !== null)) || undefined}
      >
        <Part name="checks">
          <a className="skip-to" href="#log">
            Skip the checks, to the log
          </a>
          <Panel title="Checks" flush>
            {view.checks.length === 0 ? (
              <EmptyState title="No check is known.">
                {view.unreadable ?? "This exercise has none."}
              </EmptyState>
            ) : (
              <CheckList
                // Another attempt begins anew, also what is opened of it.
                key={view.run.attempt}
                checks={view.checks}
                wanted={wanted}
                wrote={wrote}
                onShowLog={showLog}
                onShowReplays={replays ? null : () => startTransition(() => setReplays(true))}
              />
            )}
          </Panel>
        </Part>
        <Part name="log" alone={more.children === undefined}>
          <BackToCheck check={view.checks.find(({ id }) => id === from) ?? null} onBack={want} />
          <Panel title="Log" aside={<LogKept days={view.logKept.days} />} flush>
            <div className="needs-script">
              <LogView log={log} view={view} lines={lines} emptySentence={emptySentence(view)} />
            </div>
            {more.plainLog}
          </Panel>
          {more.children}
        </Part>
        <Part name="receipt">
          <Panel title="Receipt">
            <ReceiptCard receipt={view.receipt} zones={zones} />
          </Panel>
        </Part>
      </div>
    </>
  );
}

function LogKept({ days }: { days: number }) {
  return <span className={classes.kept}>Kept {plural(days, "day")} after the run</span>;
}

/** A live region that speaks once a change: not at load, and never for log lines. */
function Announce({ sentence }: { sentence: string }) {
  const [first] = useState(sentence);
  return (
    <div className="sr" role="status" aria-live="polite">
      {sentence === first ? "" : sentence}
    </div>
  );
}

function emptySentence(view: RunView): string {
  if (view.logKept.removedAt !== null) return "The log of this run was removed.";
  if (view.run.final) return "This run wrote no log.";
  if (startsKubernetes(view)) return "The machine is starting its Kubernetes; its first line appears here.";
  if (view.run.state === "queued") return "The log begins when a machine has taken the run.";
  return "The machine is booting; its first line appears here.";
}
