import { expect, test } from "vitest";
import { defaultQuestions, readQuestions } from "#course/surveys/questions.ts";
import { readPlanForm } from "./survey-plan-form.ts";

const asForm = (questions: readonly object[]) =>
  Object.fromEntries(
    questions.flatMap((question, index) =>
      Object.entries(question).map(([name, value]) => [`${index}.${name}`, String(value)]),
    ),
  );

test("a form that was not touched says what was asked", () => {
  const empty = [
    { kind: "text", text: "" },
    { kind: "scale", text: " ", low: "", middle: "", high: "", points: "0" },
  ];
  expect(readPlanForm({ course: "c", ...asForm([...defaultQuestions, ...empty]) })).toEqual(defaultQuestions);
});

test("a question is left out, and a new one gets a name of its own", () => {
  const [material, pace] = defaultQuestions;
  const fresh = { kind: "text", text: "Anything else?" };
  const read = readPlanForm(asForm([{ ...material, remove: "yes" }, { ...pace }, fresh, fresh]));
  expect(read).toMatchObject([pace, fresh, fresh]);
  expect(readQuestions(read, defaultQuestions)).toMatchObject({ outcome: "read" });
});

test("what is no number of points is refused, and not taken for none", () => {
  const [material] = defaultQuestions;
  for (const points of ["", "half", "-1"]) {
    const read = readPlanForm(asForm([{ ...material, points }]));
    expect(readQuestions(read, [])).toMatchObject({ outcome: "refused" });
  }
});
