"use client";

import { Button, TextInput } from "@mantine/core";
import { setGraceOf } from "#app/_server/actions/deadline-actions.ts";
import { FormFrame } from "../form-frame.tsx";
import { ReasonField } from "../reason-field.tsx";
import classes from "./deadlines.module.css";

interface GraceFormProps {
  page: { course: string; assignment: string };
  /** In seconds. */
  grace: { inForce: number; staff: number | null };
}

export function GraceForm({ page, grace }: GraceFormProps) {
  return (
    <FormFrame action={setGraceOf} hidden={page}>
      {(state, pending) => (
        <>
          <TextInput
            name="grace"
            label="Minutes of grace"
            description="0 to 1440 (a day). What arrives in it counts as on time."
            type="number"
            inputMode="decimal"
            min={0}
            max={1440}
            step="any"
            required
            defaultValue={state.typed.grace ?? String(grace.inForce / 60)}
            key={state.typed.grace ?? grace.inForce}
            error={state.problems.grace}
          />
          <ReasonField state={state} />
          <div className={classes.buttons}>
            <Button type="submit" variant="default" loading={pending}>
              Set the grace
            </Button>
            {grace.staff === null ? null : (
              <Button type="submit" name="source" value="file" variant="subtle" disabled={pending}>
                Back to course.yaml
              </Button>
            )}
          </div>
        </>
      )}
    </FormFrame>
  );
}
