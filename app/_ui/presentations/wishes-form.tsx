"use client";

import { wishForDays } from "#app/_server/actions/talk-actions.ts";
import type { Wishes } from "#course/presentations/talk-standing.ts";
import { Button } from "../plain/button.tsx";
import { NativeSelect } from "../plain/native-select.tsx";
import { FormFrame } from "../staff/form-frame.tsx";
import classes from "./presentations.module.css";

interface Props {
  course: string;
  days: { day: string; label: string }[];
  wishes: Wishes;
}

const ordinals = ["first", "second", "third"];

/** For each day: how much the team would like it, or that it cannot. */
export function WishesForm({ course, days, wishes }: Props) {
  const ranks = days.map((_, index) => ({
    value: `${index + 1}`,
    label: `Our ${ordinals[index] ?? `${index + 1}th`} choice`,
  }));
  const data = [{ value: "", label: "No matter" }, ...ranks, { value: "no", label: "We cannot" }];
  const before = (day: string) => {
    if (wishes.blackouts.includes(day)) return "no";
    const rank = wishes.preferences.indexOf(day);
    return rank === -1 ? "" : `${rank + 1}`;
  };
  return (
    <FormFrame action={wishForDays} hidden={{ course }}>
      {(state, pending) => (
        <div className={classes.form} key={JSON.stringify(state.typed)}>
          {days.map(({ day, label }) => (
            <NativeSelect
              key={day}
              name={`day.${day}`}
              label={label}
              data={data}
              defaultValue={state.typed[`day.${day}`] ?? before(day)}
            />
          ))}
          <p className={classes.who}>
            The plan goes by these as far as it can; a day on which you cannot is never yours.
          </p>
          <div>
            <Button type="submit" loading={pending}>
              Keep our wishes
            </Button>
          </div>
        </div>
      )}
    </FormFrame>
  );
}
