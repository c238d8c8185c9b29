"use client";

import { Button } from "@mantine/core";
import { grantExtensionTo } from "#app/_server/actions/deadline-actions.ts";
import type { Zones } from "../../time/zoned-time.tsx";
import { FormFrame } from "../form-frame.tsx";
import { personLabel } from "../person-label.ts";
import { ReasonField } from "../reason-field.tsx";
import classes from "./deadlines.module.css";
import { DueFields } from "./due-fields.tsx";
import { SearchField } from "./search-field.tsx";

interface Named {
  name: string;
  email: string;
}

interface GrantFormProps {
  page: { course: string; assignment: string };
  students: Named[];
  /** Filled in, because the reader came by a link about this student. */
  chosen: Named | null;
  zones: Zones;
}

/** Who, until when and why. Given again it takes the place of what the student had. */
export function GrantForm({ page, students, chosen, zones }: GrantFormProps) {
  return (
    <FormFrame action={grantExtensionTo} hidden={page}>
      {(state, pending) => (
        <>
          <SearchField
            name="student"
            label="Student"
            description="Type a part of the name or of the e-mail address."
            options={students.map(personLabel)}
            offered={8}
            typed={state.typed.student ?? (chosen ? personLabel(chosen) : "")}
            error={state.problems.student}
          />
          <DueFields state={state} zones={zones} key={JSON.stringify(state.typed)} />
          <ReasonField state={state} />
          <div className={classes.buttons}>
            <Button type="submit" loading={pending}>
              Give the extension
            </Button>
          </div>
        </>
      )}
    </FormFrame>
  );
}
