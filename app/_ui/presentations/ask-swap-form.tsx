"use client";

import { askForSwap } from "#app/_server/actions/talk-actions.ts";
import { Button } from "../plain/button.tsx";
import { NativeSelect } from "../plain/native-select.tsx";
import { FormFrame } from "../staff/form-frame.tsx";
import classes from "./presentations.module.css";

interface Props {
  course: string;
  others: { value: string; label: string }[];
}

export function AskSwapForm({ course, others }: Props) {
  return (
    <FormFrame action={askForSwap} hidden={{ course }}>
      {(state, pending) => (
        <div className={classes.form}>
          <NativeSelect name="team" label="With" data={others} defaultValue={state.typed.team} />
          <div>
            <Button type="submit" variant="default" size="xs" loading={pending}>
              Ask them
            </Button>
          </div>
        </div>
      )}
    </FormFrame>
  );
}
