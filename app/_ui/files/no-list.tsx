import { EmptyState, Panel } from "../page/panel.tsx";

/** Where the stored list of a submission cannot be read. */
export function NoList() {
  return (
    <Panel title="Files" flush>
      <EmptyState title="The list cannot be read by this version of Drydock.">
        The files themselves are here: download them.
      </EmptyState>
    </Panel>
  );
}
