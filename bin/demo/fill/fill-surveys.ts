import { createFeedbackActs } from "#infra/db/surveys/feedback-acts.ts";
import { openSurvey, type SurveyParts } from "#infra/db/surveys/open-survey.ts";
import { surveyClasses } from "#infra/db/surveys/survey-classes.ts";
import type { ClassBySection } from "./class-by-section.ts";
import { spread, writeAnswers } from "./write-answers.ts";

/** Of one class: how many of each section answered, and the sums of what they chose on the two scales. */
interface Answered {
  people: Record<string, number>;
  material: number;
  pace: number;
}

/** The class before the last, and the last whose survey is over: averages of 5.31 and 5.10, then of 6.36 and 5.83. */
const [beforeLast, last]: [Answered, Answered] = [
  { people: { "462": 26, "562": 13 }, material: 207, pace: 199 },
  { people: { "462": 25, "562": 11 }, material: 229, pace: 210 },
];

const asked = [
  [
    "Could you use Docker to run legacy software?",
    "Yes: an image keeps the old libraries beside the program, as long as the kernel still has what it calls.",
  ],
  [
    "What makes Docker different from an emulator?",
    "An emulator imitates hardware. A container runs on the kernel that is there, behind walls of names and limits.",
  ],
  [
    "What is layered and what is cached?",
    "Each instruction's files are a layer, and a layer is taken from the cache while nothing before it has changed.",
  ],
  [
    "Do we submit the code of the term project?",
    "All of it, as tar.gz or zip, besides the presentation or the paper.",
  ],
] as const;

/** Answers to the survey of each class whose answers are out, and feedback on all of them but the newest. */
export async function fillSurveys(
  parts: SurveyParts,
  { courseId, students }: { courseId: string; students: ClassBySection },
): Promise<void> {
  const { db, clock } = parts;
  const now = clock();
  const known = new Set(
    (await db.survey.findMany({ where: { courseId }, select: { classNumber: true } })).map(
      (row) => row.classNumber,
    ),
  );
  const past = (await surveyClasses(db, courseId)).filter(({ firstOpened }) => firstOpened <= now);
  for (const [index, { number }] of past.entries()) {
    if (known.has(number)) continue;
    const fromEnd = past.length - 1 - index;
    const answered = fromEnd === 0 ? last : fromEnd === 1 ? beforeLast : ofEarlier(index);
    const surveyId = await openSurvey(parts, courseId, number);
    await writeClass(parts, surveyId, { answered, students, texts: asked.map(([question]) => question) });
    if (fromEnd > 0) await publish(parts, surveyId, asked[index % asked.length] ?? asked[0]);
  }
}

/** Earlier in the term more answered, and more of it was review. */
const ofEarlier = (index: number): Answered => ({
  people: { "462": 30 - (index % 4), "562": 15 - (index % 3) },
  material: 190 + ((index * 37) % 60),
  pace: 205 + ((index * 23) % 40),
});

async function writeClass(
  { db }: SurveyParts,
  surveyId: string,
  { answered, students, texts }: { answered: Answered; students: ClassBySection; texts: string[] },
): Promise<void> {
  const total = Object.values(answered.people).reduce((sum, count) => sum + count, 0);
  const [material, pace] = [spread(total, answered.material), spread(total, answered.pace)];
  for (const [section, count] of Object.entries(answered.people)) {
    const people = (students.get(section) ?? []).slice(-count);
    await writeAnswers(
      db,
      { surveyId, section, people },
      {
        scales: { material: material.splice(0, people.length), pace: pace.splice(0, people.length) },
        texts: section === "462" ? texts : [],
      },
    );
  }
}

async function publish(
  { db, clock }: SurveyParts,
  surveyId: string,
  [question, answer]: readonly [string, string],
): Promise<void> {
  const acts = createFeedbackActs(db, clock);
  await acts.add({ surveyId, question });
  const row = await db.surveyFeedback.findFirst({ where: { surveyId } });
  if (row !== null) await acts.save({ surveyId, id: row.id, question, answer });
  await acts.publish({ surveyId, wanted: true });
}
