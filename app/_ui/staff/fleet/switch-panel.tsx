"use client";

import { Button, TextInput } from "@mantine/core";
import { resumeFleet, stopFleet } from "#app/_server/actions/fleet-actions.ts";
import type { FormState } from "#app/_server/actions/form-state.ts";
import { FormFrame } from "../form-frame.tsx";
import { ReasonField } from "../reason-field.tsx";
import classes from "./fleet.module.css";

interface SwitchFormProps {
  course: string;
  /** The name that is typed. */
  deployment: string;
  stopped: boolean;
}

/** The kill switch: both ways ask for the name of this Drydock, since it is every course's fleet. */
export function SwitchForm({ course, deployment, stopped }: SwitchFormProps) {
  return stopped ? (
    <FormFrame action={resumeFleet} hidden={{ course }}>
      {(state, pending) => (
        <>
          <NameField state={state} deployment={deployment} />
          <ReasonField state={state} />
          <div>
            <Button type="submit" loading={pending}>
              Start machines again
            </Button>
          </div>
        </>
      )}
    </FormFrame>
  ) : (
    <FormFrame action={stopFleet} hidden={{ course }}>
      {(state, pending) => (
        <>
          <span className={classes.dim}>
            No machine is started for any course until somebody starts them again. Runs that are graded now go
            on; all others wait in the queue, and none is lost. Draining also ends machines that wait for a
            run.
          </span>
          <NameField state={state} deployment={deployment} />
          <ReasonField state={state} />
          <div className={classes.acts}>
            <Button type="submit" name="how" value="stop" color="red.9" loading={pending}>
              Stop new machines
            </Button>
            <Button type="submit" name="how" value="drain" variant="default" disabled={pending}>
              Drain all
            </Button>
          </div>
        </>
      )}
    </FormFrame>
  );
}

function NameField({ state, deployment }: { state: FormState; deployment: string }) {
  return (
    <TextInput
      name="name"
      label={`Type “${deployment}”`}
      description="The name of this Drydock, so that it is meant."
      required
      autoComplete="off"
      autoCapitalize="none"
      spellCheck={false}
      defaultValue={state.typed.name}
      key={state.typed.name}
      error={state.problems.name}
    />
  );
}
