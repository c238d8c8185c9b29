"use client";

import { type FormEvent, useEffect, useRef, useState } from "react";
import type { Question, ScaleQuestion } from "#course/surveys/questions.ts";
import { longestText, scaleFrom, scaleTo } from "#course/surveys/scale.ts";
import { Button } from "../../plain/button.tsx";
import classes from "./answer.module.css";
import { isKept, keptMade, type SignedAnswers } from "./kept-answers.ts";
import { type AnsweredSurvey, completeSurvey, NotSent, sendAnswers, waitAtRandom } from "./send-answers.ts";

interface AnswerFormProps extends AnsweredSurvey {
  questions: Question[];
  /** The server has recorded that this person completed it. */
  completed: boolean;
}

type Step =
  | { at: "loading" | "writing" | "no-crypto" | "making" | "waiting" | "arrived" | "later" | "done" }
  | { at: "cut-off" }
  | { at: "failed"; why: string };

const busy = new Set<Step["at"]>(["loading", "making", "waiting"]);

/** The questions, and what the browser does so that the answers are nobody's. */
export function AnswerForm({ questions, completed, ...survey }: AnswerFormProps) {
  const [step, setStep] = useState<Step>({ at: completed ? "done" : "loading" });
  /** Signed, and not known to have arrived. */
  const onItsWay = useRef<SignedAnswers | null>(null);
  const { tokenKey, person } = survey;
  useEffect(() => {
    if (!window.isSecureContext || !crypto.subtle) setStep({ at: completed ? "done" : "no-crypto" });
    else if (!completed) setStep({ at: "writing" });
    else if (keptMade(tokenKey.id, person)) setStep({ at: "cut-off" });
  }, [completed, tokenKey.id, person]);
  useEffect(() => {
    const leave = () => void (onItsWay.current && sendAnswers(onItsWay.current, true).catch(() => undefined));
    window.addEventListener("pagehide", leave);
    return () => window.removeEventListener("pagehide", leave);
  }, []);
  const send = async (answers: Record<string, number | string> | null) => {
    setStep({ at: "making" });
    try {
      onItsWay.current ??= await completeSurvey(survey, answers);
      const signed = onItsWay.current;
      setStep({ at: "waiting" });
      await waitAtRandom(1_000, 8_000);
      const arrival = await sendAnswers(signed);
      if (arrival === "later" && !isKept(signed)) return setStep({ at: "failed", why: notKept });
      onItsWay.current = null;
      setStep({ at: arrival });
    } catch (error) {
      setStep({ at: "failed", why: error instanceof NotSent ? error.message : noAnswer });
    }
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!busy.has(step.at)) void send(answersIn(event.currentTarget, questions));
  };
  const over = step.at === "arrived" || step.at === "later" || step.at === "done";
  return (
    <>
      {over || step.at === "cut-off" || step.at === "no-crypto" ? null : (
        <form onSubmit={submit} className={classes.form}>
          {questions.map((question) =>
            question.kind === "scale" ? (
              <Scale key={question.id} question={question} off={busy.has(step.at)} />
            ) : (
              <label key={question.id} className={classes.question}>
                <b>{question.text}</b>{" "}
                <span className={classes.hint}>If you like; staff see it word for word.</span>
                <textarea name={question.id} rows={4} maxLength={longestText} readOnly={busy.has(step.at)} />
              </label>
            ),
          )}
          <div>
            <Button
              type="submit"
              disabled={step.at === "loading"}
              loading={step.at === "making" || step.at === "waiting"}
            >
              Send the answers
            </Button>
          </div>
        </form>
      )}
      {step.at === "cut-off" ? (
        <p className={classes.said} data-tone="warn">
          Your completion was recorded, but your answers were not sent from this browser.{" "}
          <Button variant="default" onClick={() => void send(null)}>
            Send them now
          </Button>
        </p>
      ) : null}
      <p
        className={classes.said}
        data-tone={toneOf[step.at]}
        role={step.at === "failed" ? "alert" : "status"}
      >
        {step.at === "failed" ? step.why : words[step.at]}
      </p>
    </>
  );
}

function Scale({
  question: { id, text, low, middle, high },
  off,
}: {
  question: ScaleQuestion;
  off: boolean;
}) {
  const numbers = Array.from({ length: scaleTo - scaleFrom + 1 }, (_, index) => index + scaleFrom);
  return (
    <fieldset className={classes.question}>
      <legend>
        <b>{text}</b>
      </legend>
      <p className={classes.hint} id={`${id}-anchors`}>
        1 is {low}, 5 is {middle}, 10 is {high}.
      </p>
      <div className={classes.scale}>
        {numbers.map((number) => (
          <label key={number}>
            <input
              type="radio"
              name={id}
              value={number}
              required
              // What is off is not sent by the browser, so it only takes no further press.
              onClick={(event) => off && event.preventDefault()}
              aria-describedby={`${id}-anchors`}
            />
            <span className="num">{number}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function answersIn(form: HTMLFormElement, questions: Question[]): Record<string, number | string> {
  const typed = new FormData(form);
  return Object.fromEntries(
    questions.map(({ id, kind }) => [
      id,
      kind === "scale" ? Number(typed.get(id)) : String(typed.get(id) ?? ""),
    ]),
  );
}

const noAnswer =
  "The server could not be reached, so it is not known whether your completion was recorded: send again; it counts once.";
const notKept =
  "Your completion is recorded, but your answers could not be sent just now, and this browser keeps nothing: stay on this page and send again.";

const toneOf: Partial<Record<Step["at"], "ok" | "bad" | "warn" | "busy">> = {
  "no-crypto": "bad",
  failed: "bad",
  making: "busy",
  waiting: "busy",
  arrived: "ok",
  done: "ok",
  later: "warn",
};

const words: Record<Exclude<Step["at"], "failed">, string> = {
  loading: "",
  writing: "",
  "cut-off": "",
  "no-crypto":
    "This page did not come over https, and without it your browser can keep nobody anonymous: nothing is recorded or sent from here. Open the site at its https address, or tell staff.",
  making: "Your browser makes a token that nobody can tell from another, and your completion is recorded…",
  waiting:
    "Recorded. Your answers wait a few seconds, so that their time says nothing, and then go by themselves…",
  arrived: "Your answers have arrived. Thank you. Nobody can tell which they are, so they cannot be changed.",
  later:
    "Your completion is recorded. Your answers could not be sent just now: this browser keeps them and sends them when you next open a survey page.",
  done: "You have completed this survey. Nobody can tell which answers are yours, so they are not shown here.",
};
