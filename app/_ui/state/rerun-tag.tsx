import { runPath, staffRunPath } from "#app/_ui/addresses.ts";
import type { RunState } from "#grading/runs/run-state.ts";
import { TextLink } from "../page/links.tsx";
import { StateTag, stateWord } from "./state-tag.tsx";

interface RerunTagProps {
  rerun: { id: string; state: RunState };
  /** Whose page of the run is opened. */
  staff?: boolean;
}

/** Beside a result that counts: it is being graded again, and what counts changes once that is done. */
export function RerunTag({ rerun, staff }: RerunTagProps) {
  return (
    <div>
      <StateTag state={rerun.state} word={`Again: ${stateWord(rerun.state).toLowerCase()}`} />{" "}
      <TextLink href={staff ? staffRunPath(rerun.id) : runPath(rerun.id)}>rerun</TextLink>
    </div>
  );
}
