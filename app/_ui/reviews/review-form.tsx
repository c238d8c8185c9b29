"use client";

import { sendReview } from "#app/_server/actions/review-actions.ts";
import { longestReviewText } from "#course/reviews/review-bounds.ts";
import type { Criterion, ReviewAnswers } from "#course/reviews/review-form.ts";
import { Button } from "../plain/button.tsx";
import { TextArea } from "../plain/text-area.tsx";
import { FormFrame } from "../staff/form-frame.tsx";
import classes from "./reviews.module.css";

interface Props {
  course: string;
  review: string;
  form: Criterion[];
  answers: ReviewAnswers;
}

const numbers = [1, 2, 3, 4, 5];

export function ReviewForm({ course, review, form, answers }: Props) {
  return (
    <FormFrame action={sendReview} hidden={{ course, review }}>
      {(state, pending) => (
        <div className={classes.form} key={JSON.stringify(state.typed)}>
          {form.map((one) => {
            const value = state.typed[one.id] ?? `${answers[one.id] ?? ""}`;
            const name = `answer.${one.id}`;
            const problem = state.problems[one.id];
            if (one.kind === "text") {
              return (
                <TextArea
                  key={one.id}
                  name={name}
                  label={one.text}
                  maxLength={longestReviewText}
                  defaultValue={value}
                  error={problem}
                />
              );
            }
            return (
              <fieldset
                key={one.id}
                className={classes.scale}
                aria-invalid={problem ? true : undefined}
                tabIndex={-1}
              >
                <legend>{one.text}</legend>
                <span>{one.low}</span>
                {numbers.map((number) => (
                  <label key={number}>
                    <input type="radio" name={name} value={number} defaultChecked={value === `${number}`} />
                    {number}
                  </label>
                ))}
                <span>{one.high}</span>
                {problem ? <p className={classes.problem}>{problem}</p> : null}
              </fieldset>
            );
          })}
          <div>
            <Button type="submit" loading={pending}>
              Keep this review
            </Button>
          </div>
        </div>
      )}
    </FormFrame>
  );
}
