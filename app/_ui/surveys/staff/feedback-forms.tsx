"use client";

import { changeFeedback } from "#app/_server/actions/survey-actions.ts";
import type { FeedbackItem } from "#app/_server/queries/surveys/survey-feedback.ts";
import { Button } from "../../plain/button.tsx";
import { FormFrame } from "../../staff/form-frame.tsx";
import classes from "../surveys.module.css";

type Page = { course: string; number: string };

/** Takes what a student wrote into the feedback. */
export function PickForm({ page, id }: { page: Page; id: string }) {
  return (
    <FormFrame action={changeFeedback} hidden={{ ...page, id, act: "pick" }}>
      {(_state, pending) => (
        <Button type="submit" variant="default" size="xs" loading={pending}>
          Pick
        </Button>
      )}
    </FormFrame>
  );
}

/** A picked question in staff's wording, and its answer. */
export function FeedbackForm({ page, item }: { page: Page; item: FeedbackItem }) {
  return (
    <FormFrame action={changeFeedback} hidden={{ ...page, id: item.id }}>
      {(state, pending) => (
        <fieldset className={classes.fields}>
          <label>
            Question, as the class sees it
            <textarea
              name="question"
              rows={2}
              required
              defaultValue={state.typed.question ?? item.question}
            />
          </label>
          <label>
            Answer
            <textarea name="answer" rows={3} defaultValue={state.typed.answer ?? item.answer} />
          </label>
          <div className={classes.buttons}>
            <Button type="submit" name="act" value="save" variant="default" size="xs" loading={pending}>
              Save
            </Button>
            <Button type="submit" name="act" value="remove" variant="subtle" size="xs" disabled={pending}>
              Remove
            </Button>
          </div>
        </fieldset>
      )}
    </FormFrame>
  );
}

/** A question that was asked in the room, or that sums up several. */
export function AddForm({ page }: { page: Page }) {
  return (
    <FormFrame action={changeFeedback} hidden={{ ...page, act: "add" }}>
      {(state, pending) => (
        <fieldset className={classes.fields}>
          <label>
            Another question
            <textarea name="question" rows={2} defaultValue={state.typed.question ?? ""} />
          </label>
          <div className={classes.buttons}>
            <Button type="submit" variant="default" size="xs" loading={pending}>
              Add
            </Button>
          </div>
        </fieldset>
      )}
    </FormFrame>
  );
}

/** Shows it to the course with the schedule's next class, or takes it back. */
export function PublishForm({ page, published }: { page: Page; published: boolean }) {
  return (
    <FormFrame action={changeFeedback} hidden={{ ...page, act: published ? "take-back" : "publish" }}>
      {(_state, pending) => (
        <div className={classes.buttons}>
          <Button type="submit" variant={published ? "default" : "filled"} loading={pending}>
            {published ? "Take it back" : "Publish with the next class"}
          </Button>
        </div>
      )}
    </FormFrame>
  );
}
