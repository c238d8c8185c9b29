"use client";

import { Button } from "@mantine/core";
import { endMachine } from "#app/_server/actions/fleet-actions.ts";
import { Notice } from "../../page/notice.tsx";
import { FormFrame } from "../form-frame.tsx";
import { ReasonField } from "../reason-field.tsx";
import classes from "./fleet.module.css";

interface EndMachineFormProps {
  machine: { id: string; name: string };
  course: string;
  /** It has a run. */
  grades: boolean;
}

/** Ends one machine, after what follows from it was read and a reason given. */
export function EndMachineForm({ machine, course, grades }: EndMachineFormProps) {
  return (
    <details className={classes.end}>
      <summary aria-label={`End ${machine.name}`}>End it</summary>
      <FormFrame action={endMachine} hidden={{ course, machine: machine.id }}>
        {(state, pending) => (
          <>
            <span className={classes.dim}>
              {grades
                ? "Its run goes back to the queue, uses up no attempt and nothing of the student's limit, and is graded on another machine."
                : "It has no run."}
            </span>
            {state.problems.machine ? (
              <Notice tone="bad" announce>
                {state.problems.machine}
              </Notice>
            ) : null}
            <ReasonField state={state} />
            <Button type="submit" size="xs" color="red.9" loading={pending}>
              End this machine
            </Button>
          </>
        )}
      </FormFrame>
    </details>
  );
}
