"use client";

import { NativeSelect, TextInput } from "@mantine/core";
import type { FormState } from "#app/_server/actions/form-state.ts";
import { setOfficeHours } from "#app/_server/actions/office-hours-actions.ts";
import { sayWeekday, weekdays } from "#course/catalogue/calendar-days.ts";
import type { TypedHours } from "#course/catalogue/read-office-hours.ts";
import { Button } from "../../plain/button.tsx";
import { FormFrame } from "../form-frame.tsx";
import classes from "./edits.module.css";

interface HoursFormProps {
  course: string;
  zone: string;
  /** null: new ones. */
  edited: { id: string; seen: string; typed: TypedHours } | null;
}

const empty: TypedHours = { weekday: "monday", from: "", to: "", place: "", link: "" };
const days = [...weekdays.slice(1), weekdays[0]].map((day) => ({ value: day, label: sayWeekday(day) }));

/** What is held every week. */
export function HoursForm({ course, zone, edited }: HoursFormProps) {
  const hidden = { course, ...(edited ? { hours: edited.id, seen: edited.seen } : {}) };
  return (
    <FormFrame action={setOfficeHours} hidden={hidden}>
      {(state, pending) => (
        <>
          <Fields state={state} was={edited?.typed ?? empty} zone={zone} key={JSON.stringify(state.typed)} />
          <div className={classes.buttons}>
            <Button type="submit" disabled={pending}>
              {edited === null ? "Add the office hours" : "Save"}
            </Button>
          </div>
        </>
      )}
    </FormFrame>
  );
}

function Fields({
  state: { typed, problems },
  was,
  zone,
}: {
  state: FormState;
  was: TypedHours;
  zone: string;
}) {
  const value = (field: keyof TypedHours) => typed[field] ?? was[field];
  return (
    <>
      <div className={classes.fields}>
        <NativeSelect
          name="weekday"
          label="Every"
          data={days}
          defaultValue={value("weekday")}
          error={problems.weekday}
        />
        <TextInput
          name="from"
          label="From"
          type="time"
          required
          defaultValue={value("from")}
          error={problems.from}
        />
        <TextInput name="to" label="To" type="time" required defaultValue={value("to")} error={problems.to} />
      </div>
      <p className={classes.line}>Times are on the clock of {zone}.</p>
      <div className={classes.fields}>
        <TextInput
          name="place"
          label="Where"
          description="Such as CP 229 or Zoom."
          required
          maxLength={120}
          autoComplete="off"
          defaultValue={value("place")}
          error={problems.place}
        />
        <TextInput
          name="link"
          label="Link"
          description="Of a meeting on the web; may be empty."
          type="url"
          maxLength={2000}
          autoComplete="off"
          defaultValue={value("link")}
          error={problems.link}
        />
      </div>
    </>
  );
}
