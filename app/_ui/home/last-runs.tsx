import type { RunLine } from "#app/_server/queries/course/home.ts";
import { RunsTable } from "../course/runs-table.tsx";
import { EmptyState, Panel } from "../page/panel.tsx";

export function LastRuns({ runs, zone, nowIso }: { runs: RunLine[]; zone: string; nowIso: string }) {
  return (
    <Panel title="Your last runs" flush>
      {runs.length === 0 ? (
        <EmptyState title="No run yet.">
          When you hand something in, it is graded at once and its run shows up here.
        </EmptyState>
      ) : (
        <RunsTable runs={runs} zone={zone} nowIso={nowIso} />
      )}
    </Panel>
  );
}
