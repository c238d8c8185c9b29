"use client";

import { fixTeamOf } from "#app/_server/actions/team-actions.ts";
import { Button } from "../../plain/button.tsx";
import { TextInput } from "../../plain/field.tsx";
import { NativeSelect } from "../../plain/native-select.tsx";
import { FormFrame } from "../form-frame.tsx";
import { ReasonField } from "../reason-field.tsx";
import classes from "./teams.module.css";

interface AddFormProps {
  page: { course: string; assignment: string };
  /** As the list offers them. */
  students: string[];
  teams: { value: string; label: string }[];
  chosen: { student: string; team: string };
}

/** Who, into which team, and why. */
export function AddForm({ page, students, teams, chosen }: AddFormProps) {
  return (
    <FormFrame action={fixTeamOf} hidden={{ ...page, act: "add" }}>
      {(state, pending) => (
        <>
          <TextInput
            name="student"
            label="Student"
            description="By name or e-mail address."
            list="students-without-team"
            maxLength={700}
            required
            autoComplete="off"
            defaultValue={state.typed.student ?? chosen.student}
            key={state.typed.student}
            error={state.problems.student}
          />
          <datalist id="students-without-team">
            {students.map((label) => (
              <option key={label} value={label} />
            ))}
          </datalist>
          <NativeSelect
            name="team"
            label="Team"
            data={[{ value: "", label: "A team of their own" }, ...teams]}
            defaultValue={state.typed.team ?? chosen.team}
            key={`team ${state.typed.team ?? chosen.team}`}
          />
          <ReasonField state={state} />
          <div className={classes.buttons}>
            <Button type="submit" loading={pending}>
              Put into the team
            </Button>
          </div>
        </>
      )}
    </FormFrame>
  );
}
