"use client";

import { changeQuestions } from "#app/_server/actions/survey-actions.ts";
import type { Question } from "#course/surveys/questions.ts";
import { Button } from "../../plain/button.tsx";
import { FormFrame } from "../../staff/form-frame.tsx";
import classes from "../surveys.module.css";

/** What the surveys to come ask, and room for two more; works as a plain form. */
export function QuestionsForm({ course, questions }: { course: string; questions: Question[] }) {
  return (
    <FormFrame action={changeQuestions} hidden={{ course }}>
      {({ typed }, pending) => (
        <>
          {questions.map((question, index) => (
            <fieldset key={question.id} className={classes.fields}>
              <legend>
                <b>Question {index + 1}</b>, {question.kind === "scale" ? "a number from 1 to 10" : "a text"}
              </legend>
              <input type="hidden" name={`${index}.id`} value={question.id} />
              <input type="hidden" name={`${index}.kind`} value={question.kind} />
              <Fields index={index} question={question} typed={typed} />
              <label>
                <input type="checkbox" name={`${index}.remove`} value="yes" /> Ask it no more
              </label>
            </fieldset>
          ))}
          <New index={questions.length} kind="text" title="A new question for a text" typed={typed} />
          <New
            index={questions.length + 1}
            kind="scale"
            title="A new question for a number from 1 to 10"
            typed={typed}
          />
          <div className={classes.buttons}>
            <Button type="submit" loading={pending}>
              Ask this from the next class on
            </Button>
          </div>
        </>
      )}
    </FormFrame>
  );
}

type Typed = Partial<Record<string, string>>;

function New({
  index,
  kind,
  title,
  typed,
}: {
  index: number;
  kind: Question["kind"];
  title: string;
  typed: Typed;
}) {
  const empty: Question =
    kind === "scale"
      ? { kind, id: "", text: "", low: "", middle: "", high: "", points: 0 }
      : { kind, id: "", text: "" };
  return (
    <fieldset className={classes.fields}>
      <legend>
        <b>{title}</b>, left out while it has no words
      </legend>
      <input type="hidden" name={`${index}.kind`} value={kind} />
      <Fields index={index} question={empty} typed={typed} />
    </fieldset>
  );
}

function Fields({ index, question, typed }: { index: number; question: Question; typed: Typed }) {
  const field = (name: string, label: string, value: string) => (
    <label>
      {label}
      <input name={`${index}.${name}`} defaultValue={typed[`${index}.${name}`] ?? value} />
    </label>
  );
  return (
    <>
      {field("text", "Words", question.text)}
      {question.kind === "scale" ? (
        <div className={classes.row}>
          {field("low", "1 means", question.low)}
          {field("middle", "5 means", question.middle)}
          {field("high", "10 means", question.high)}
          {field("points", "Points for completing", String(question.points))}
        </div>
      ) : null}
    </>
  );
}
