import type { StaffList } from "#app/_server/queries/submission/staff-submissions.ts";
import { saidStates, statesLike } from "#grading/runs/run-state.ts";
import { PageLink } from "../page/links.tsx";
import { StateTag, stateWord } from "../state/state-tag.tsx";
import classes from "./staff.module.css";
import { staffAddress } from "./staff-address.ts";

interface StaffStatesProps {
  states: StaffList["states"];
  refused: number;
  base: string;
}

/** How many runs are in which state; each is a filter. */
export function StaffStates({ states, refused, base }: StaffStatesProps) {
  const counted = saidStates.map((state) => ({
    state,
    count: statesLike(state).reduce((sum, one) => sum + (states[one] ?? 0), 0),
  }));
  const present = counted.filter(({ count }) => count > 0);
  return (
    <>
      {present.map(({ state, count }) => (
        <PageLink key={state} href={staffAddress(base, { state })} className={classes.state}>
          <StateTag state={state} word={`${count} ${stateWord(state).toLowerCase()}`} />
        </PageLink>
      ))}
      {refused > 0 ? (
        <PageLink href={staffAddress(base, { state: "refused" })} className={classes.state}>
          <StateTag state="refused" word={`${refused} refused`} />
        </PageLink>
      ) : null}
      {present.length === 0 && refused === 0 ? <span>nothing handed in yet</span> : null}
    </>
  );
}
