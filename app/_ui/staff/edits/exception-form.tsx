"use client";

import { Checkbox, TextInput } from "@mantine/core";
import type { FormState } from "#app/_server/actions/form-state.ts";
import { setException } from "#app/_server/actions/office-hours-actions.ts";
import { Button } from "../../plain/button.tsx";
import { FormFrame } from "../form-frame.tsx";
import classes from "./edits.module.css";

interface ExceptionFormProps {
  course: string;
  hours: { id: string; seen: string; said: string };
}

/** One day on which they are held otherwise, or not at all. */
export function ExceptionForm({ course, hours }: ExceptionFormProps) {
  return (
    <FormFrame action={setException} hidden={{ course, hours: hours.id, seen: hours.seen }}>
      {(state, pending) => (
        <>
          <Fields state={state} key={JSON.stringify(state.typed)} />
          <div className={classes.buttons}>
            <Button type="submit" disabled={pending}>
              Set the exception
            </Button>
          </div>
        </>
      )}
    </FormFrame>
  );
}

function Fields({ state: { typed, problems } }: { state: FormState }) {
  return (
    <>
      <div className={classes.fields}>
        <TextInput
          name="date"
          label="Day"
          type="date"
          required
          defaultValue={typed.date}
          error={problems.date}
        />
        <TextInput
          name="note"
          label="What to know"
          description="Shown beside it; may be empty."
          maxLength={200}
          autoComplete="off"
          defaultValue={typed.note}
          error={problems.note}
        />
      </div>
      <Checkbox name="cancelled" label="Not held on this day" defaultChecked={typed.cancelled === "on"} />
      <p className={classes.line}>Or what is different on it; what is left empty is as every week:</p>
      <div className={classes.fields}>
        <TextInput name="from" label="From" type="time" defaultValue={typed.from} error={problems.from} />
        <TextInput name="to" label="To" type="time" defaultValue={typed.to} error={problems.to} />
        <TextInput
          name="place"
          label="Where"
          maxLength={120}
          autoComplete="off"
          defaultValue={typed.place}
          error={problems.place}
        />
      </div>
    </>
  );
}
