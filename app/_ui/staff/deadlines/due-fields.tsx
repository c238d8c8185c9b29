"use client";

import { TextInput } from "@mantine/core";
import { useState } from "react";
import type { FormState } from "#app/_server/actions/form-state.ts";
import { readExtendedDue } from "#course/deadlines/read-extended-due.ts";
import { describeEnd } from "#course/deadlines/say-instant.ts";
import { anywhereOnEarth } from "#course/deadlines/zones.ts";
import { clockOf } from "../../time/deadline-block.tsx";
import type { Zones } from "../../time/zoned-time.tsx";
import classes from "./deadlines.module.css";
import { SearchField } from "./search-field.tsx";
import { usualFirst } from "./usual-zones.ts";

/** Date, time and zone, and what they come to in every zone while they are typed. */
export function DueFields({ state, zones }: { state: FormState; zones: Zones }) {
  const { typed, problems } = state;
  const [due, setDue] = useState({
    date: typed.date ?? "",
    time: typed.time ?? "",
    zone: typed.zone ?? anywhereOnEarth,
  });
  const set = (part: Partial<typeof due>) => setDue((before) => ({ ...before, ...part }));
  return (
    <>
      <div className={classes.fields}>
        <TextInput
          name="date"
          label="New due date"
          description="A day such as 2024-11-25."
          type="date"
          required
          defaultValue={due.date}
          onChange={(event) => set({ date: event.currentTarget.value })}
          error={problems.date}
        />
        <TextInput
          name="time"
          label="Time"
          description="Empty: the end of that day."
          type="time"
          step={60}
          defaultValue={due.time}
          onChange={(event) => set({ time: event.currentTarget.value })}
          error={problems.time}
        />
        <SearchField
          name="zone"
          label="Time zone"
          description="AoE is Anywhere on Earth."
          options={usualFirst(zones)}
          offered={600}
          typed={typed.zone ?? anywhereOnEarth}
          error={problems.zone}
          onChange={(zone) => set({ zone })}
        />
      </div>
      <output className={`${classes.preview} needs-script`}>
        <Preview due={due} zones={zones} />
      </output>
    </>
  );
}

function Preview({ due, zones }: { due: Parameters<typeof readExtendedDue>[0]; zones: Zones }) {
  if (due.date === "") return "What you choose is shown here in every zone.";
  const read = readExtendedDue(due);
  if ("problem" in read) return read.problem.message;
  const { said, others } = describeEnd(read.dueAt, { courseZone: zones.course, readerZone: zones.reader });
  return (
    <>
      until {said}
      {others.map((clock) => (
        <span key={clock.whose} style={{ display: "block" }}>
          {clockOf[clock.whose]}: {clock.said}, {clock.zoneName}
        </span>
      ))}
    </>
  );
}
