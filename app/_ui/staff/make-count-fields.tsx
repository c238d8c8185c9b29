"use client";

import type { ReactNode } from "react";
import { letRunCount } from "#app/_server/actions/run-actions.ts";
import { LinkButton } from "../page/links.tsx";
import { Button } from "../plain/button.tsx";
import classes from "./deadlines/deadlines.module.css";
import { FormFrame } from "./form-frame.tsx";
import { ReasonField } from "./reason-field.tsx";

export interface MakeCountFormProps {
  runId: string;
  /** What would change, by name. */
  question: ReactNode;
  /** The run that counts. */
  countedHref: string;
}

/** Asks, by name, before another run becomes its submission's result. */
export default function MakeCountFields({ runId, question, countedHref }: MakeCountFormProps) {
  return (
    <FormFrame action={letRunCount} hidden={{ run: runId }}>
      {(state, pending) => (
        <>
          <p className={classes.line}>{question} You can take it back the same way.</p>
          <ReasonField state={state} />
          <div className={classes.buttons}>
            <Button type="submit" loading={pending}>
              Let this run count
            </Button>
            <LinkButton href={countedHref} variant="default">
              Look at the run that counts
            </LinkButton>
          </div>
        </>
      )}
    </FormFrame>
  );
}
