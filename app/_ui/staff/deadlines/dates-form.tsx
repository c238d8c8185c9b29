"use client";

import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { changeDatesOf } from "#app/_server/actions/deadline-actions.ts";
import type { FormState } from "#app/_server/actions/form-state.ts";
import type { StaffDates } from "#app/_server/queries/course/edits/staff-dates.ts";
import { type DateField, dateFields, dateNames } from "#course/deadlines/dates/dates-in-order.ts";
import { readTypedDates, type TypedDates } from "#course/deadlines/dates/typed-dates.ts";
import { EndTime } from "../../time/end-time.tsx";
import { ZonedTime, type Zones } from "../../time/zoned-time.tsx";
import { FormFrame } from "../form-frame.tsx";
import { ReasonField } from "../reason-field.tsx";
import classes from "./deadlines.module.css";
import { SearchField } from "./search-field.tsx";
import { usualFirst } from "./usual-zones.ts";

interface DatesFormProps {
  page: { course: string; assignment: string };
  dates: StaffDates;
  zones: Zones;
}

const legends: Record<DateField, { legend: string; empty: string }> = {
  releasedAt: { legend: "Release", empty: "No day: at once. No time: the day's beginning." },
  dueAt: { legend: "Due", empty: "No day: never. No time: the day's end." },
  availableUntil: { legend: "Late work until", empty: "No day: none. No time: the day's end." },
};

/** Release, due date and end of late work for everybody; each can go back to what the file says. */
export function DatesForm({ page, dates, zones }: DatesFormProps) {
  return (
    <FormFrame action={changeDatesOf} hidden={{ ...page, seen: dates.seen }}>
      {(state, pending) => (
        <>
          <DateFields state={state} dates={dates} zones={zones} key={JSON.stringify(state.typed)} />
          <ReasonField state={state} />
          <div className={classes.buttons}>
            <Button type="submit" loading={pending}>
              Change the dates
            </Button>
            {dateFields
              .filter((field) => dates.inFile.some((one) => one.field === field))
              .map((field) => (
                <Button
                  key={field}
                  type="submit"
                  name="take"
                  value={field}
                  variant="subtle"
                  disabled={pending}
                >
                  Take course.yaml’s {dateNames[field]}
                </Button>
              ))}
          </div>
        </>
      )}
    </FormFrame>
  );
}

function DateFields({ state, dates, zones }: Omit<DatesFormProps, "page"> & { state: FormState }) {
  const { problems } = state;
  const typedOf = (field: DateField) => ({
    date: state.typed[`${field}Date`] ?? dates.typed[field].date,
    time: state.typed[`${field}Time`] ?? dates.typed[field].time,
  });
  const [typed, setTyped] = useState<TypedDates>({
    releasedAt: typedOf("releasedAt"),
    dueAt: typedOf("dueAt"),
    availableUntil: typedOf("availableUntil"),
  });
  const [zone, setZone] = useState(state.typed.zone ?? dates.zone);
  const set = (field: DateField, part: Partial<TypedDates[DateField]>) =>
    setTyped((before) => ({ ...before, [field]: { ...before[field], ...part } }));
  return (
    <>
      {dateFields.map((field) => (
        <fieldset key={field} className={classes.dates}>
          <legend>{legends[field].legend}</legend>
          <div className={classes.fields}>
            <TextInput
              name={`${field}Date`}
              label="Day"
              type="date"
              defaultValue={typed[field].date}
              onChange={(event) => set(field, { date: event.currentTarget.value })}
              error={problems[`${field}Date`]}
            />
            <TextInput
              name={`${field}Time`}
              label="Time"
              type="time"
              step={typed[field].time.length > 5 ? 1 : 60}
              defaultValue={typed[field].time}
              onChange={(event) => set(field, { time: event.currentTarget.value })}
              error={problems[`${field}Time`]}
            />
          </div>
          <small>
            {field === "availableUntil" && !dates.takesLate
              ? "course.yaml takes no late work of this assignment, so this has no effect."
              : legends[field].empty}
          </small>
        </fieldset>
      ))}
      <SearchField
        name="zone"
        label="Time zone of these"
        description="AoE is Anywhere on Earth."
        options={usualFirst(zones)}
        offered={600}
        typed={state.typed.zone ?? dates.zone}
        error={problems.zone}
        onChange={setZone}
      />
      <output className={`${classes.preview} needs-script`}>
        <Preview typed={typed} zone={zone} dates={dates} zones={zones} />
      </output>
    </>
  );
}

function Preview({
  typed,
  zone,
  dates,
  zones,
}: { typed: TypedDates; zone: string } & Pick<DatesFormProps, "dates" | "zones">) {
  const at = (iso: string | null) => (iso === null ? null : new Date(iso));
  const { releasedAt, dueAt, availableUntil } = dates.standing;
  const standing = { releasedAt: at(releasedAt), dueAt: at(dueAt), availableUntil: at(availableUntil) };
  const read = readTypedDates(typed, zone, standing);
  if ("problems" in read) return read.problems[0]?.message;
  return dateFields.map((field) => {
    const iso = read.dates[field]?.toISOString();
    return (
      <span key={field} style={{ display: "block" }}>
        {legends[field].legend}:{" "}
        {iso === undefined ? (
          "none"
        ) : field === "releasedAt" ? (
          <ZonedTime iso={iso} zones={zones} />
        ) : (
          <EndTime iso={iso} zones={zones} />
        )}
      </span>
    );
  });
}
