"use client";

import { fixTeamOf } from "#app/_server/actions/team-actions.ts";
import { LinkButton } from "../../page/links.tsx";
import { Button } from "../../plain/button.tsx";
import { FormFrame } from "../form-frame.tsx";
import { ReasonField } from "../reason-field.tsx";
import classes from "./teams.module.css";

interface FixFormProps {
  page: { course: string; assignment: string };
  act: "remove" | "unlock";
  team: string;
  /** Of whom; nobody where the whole team is meant. */
  student: string;
  /** What happens, before it is asked for. */
  consequence: string;
  /** What the button says, by name. */
  word: string;
  stay: string;
}

/** Asks once more, by name, and why. */
export function FixForm({ page, act, team, student, consequence, word, stay }: FixFormProps) {
  return (
    <FormFrame action={fixTeamOf} hidden={{ ...page, act, team, student }}>
      {(state, pending) => (
        <>
          <p className={classes.line}>{consequence}</p>
          <ReasonField state={state} />
          <div className={classes.buttons}>
            <Button type="submit" color={act === "remove" ? "red.9" : undefined} loading={pending}>
              {word}
            </Button>
            <LinkButton href={stay} variant="default">
              Leave it as it is
            </LinkButton>
          </div>
        </>
      )}
    </FormFrame>
  );
}
