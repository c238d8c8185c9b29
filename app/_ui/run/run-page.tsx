"use client";

import { type ReactNode, useCallback, useEffect, useMemo, useState } from "react";
import type { RunMay } from "#app/_server/queries/run/run-page.ts";
import type { RunView } from "#app/_server/queries/run/run-view.ts";
import { plural } from "../format.ts";
import { PageHead } from "../page/page-head.tsx";
import { EmptyState, Panel } from "../page/panel.tsx";
import { RefusedNews } from "../page/refused-news.tsx";
import { ReceiptCard } from "../receipt/receipt-card.tsx";
import { useNow } from "../time/use-now.ts";
import type { Zones } from "../time/zoned-time.tsx";
import { CheckList } from "./check-list.tsx";
import { useFreshAtEnd } from "./live/use-fresh-at-end.ts";
import { useRunLive } from "./live/use-run-live.ts";
import { LogView } from "./log/log-view.tsx";
import { roadSteps, startsKubernetes } from "./road-steps.ts";
import { RunActions } from "./run-actions.tsx";
import { RunNotices } from "./run-notices.tsx";
import classes from "./run-page.module.css";
import { RunRoad } from "./run-road.tsx";
import { RunTruth, runSentence } from "./run-truth.tsx";

interface RunPageProps {
  initial: RunView;
  nowIso: string;
  zones: Zones;
  crumbs: { label: string; href: string }[];
  title: string;
  /** The reader handed the work in. */
  own: boolean;
  may: RunMay;
  /** Why what the reader asked for last was not done; null when nothing was asked for, or it was done. */
  refused: string | null;
  /** The staff's page of this run; null for students, and on that page itself. */
  staffHref: string | null;
  /** The log's end as the server rendered it, for readers without JavaScript. */
  plainLog: ReactNode;
  /** How many lines that end has: all, or more than the page shows at once. */
  logLines: number;
  /** Under the checks: what only staff see. */
  children?: ReactNode;
}

/** A run as it happens. The first render is what the server knew; the stream moves it on. */
export function RunPage({
  initial,
  nowIso,
  zones,
  crumbs,
  title,
  own,
  may,
  refused,
  staffHref,
  plainLog,
  logLines,
  children,
}: RunPageProps) {
  const { view, log, connection } = useRunLive(initial);
  const now = useNow(nowIso, !view.run.final);
  const [check, setCheck] = useState<string | null>(null);
  // Kept when the run ends before the reader's eyes: its log would shrink under them.
  const [settledLines] = useState(initial.run.final ? logLines : null);
  const steps = roadSteps(view, now);
  const sentence = runSentence(view);
  useFreshAtEnd(view);
  useTabTitle(`${sentence} · ${title}`);
  const showLog = useCallback((id: string) => {
    setCheck(id);
    document.getElementById("log")?.scrollIntoView({ block: "nearest" });
  }, []);
  const filters = useMemo(
    () => initial.checks.map(({ id, title: label }) => ({ id, title: label })),
    [initial.checks],
  );
  return (
    <>
      <PageHead
        crumbs={crumbs}
        title={title}
        state={<RunTruth view={view} now={now} />}
        actions={<RunActions view={view} own={own} may={may} staffHref={staffHref} />}
      />
      <Announce sentence={sentence} />
      <RunRoad steps={steps} />
      <RefusedNews sentence={refused} />
      <RunNotices view={view} connection={connection} own={own} may={may} zones={zones} />
      <div className={classes.grid}>
        <div className={classes.side}>
          <a className="skip-to" href="#log">
            Skip the checks, to the log
          </a>
          <Panel title="Checks" flush>
            {view.checks.length === 0 ? (
              <EmptyState title="No check is known.">
                {view.unreadable ?? "This exercise has none."}
              </EmptyState>
            ) : (
              <CheckList checks={view.checks} onShowLog={showLog} />
            )}
          </Panel>
          <Panel title="Receipt">
            <ReceiptCard receipt={view.receipt} zones={zones} />
          </Panel>
        </div>
        <div className={classes.side} id="log" tabIndex={-1} data-alone={children === undefined || undefined}>
          <Panel title="Log" aside={<LogKept days={view.logKept.days} />} flush>
            <div className="needs-script">
              <LogView
                log={log}
                live={!view.run.final}
                settledLines={settledLines}
                emptySentence={emptySentence(view, connection)}
                checks={filters}
                check={check}
                onCheck={setCheck}
              />
            </div>
            {plainLog}
          </Panel>
          {children}
        </div>
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

function useTabTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Drydock`;
  }, [title]);
}

function emptySentence(view: RunView, connection: string): string {
  if (connection === "connecting") return "Fetching the log…";
  if (view.logKept.removedAt !== null) return "The log of this run was removed.";
  if (view.run.final) return "This run wrote no log.";
  if (startsKubernetes(view)) return "The machine is starting its Kubernetes; its first line appears here.";
  if (view.run.state === "queued") return "The log begins when a machine has taken the run.";
  return "The machine is booting; its first line appears here.";
}
