import { randomUUID } from "node:crypto";
import { scaleFrom, scaleTo } from "#course/surveys/scale.ts";
import type { Db } from "#infra/db/connection/client.ts";

/** Numbers of the scale with this sum, spread around their mean. */
export function spread(count: number, sum: number): number[] {
  const mean = sum / count;
  const wide = [-4, -2, -1, -1, 0, 0, 0, 1, 1, 2, 3];
  const inScale = (value: number) => Math.min(scaleTo, Math.max(scaleFrom, value));
  const values = Array.from({ length: count }, (_, at) =>
    inScale(Math.round(mean + (wide[at % wide.length] ?? 0))),
  );
  let left = sum - values.reduce((total, value) => total + value, 0);
  for (let at = 0; left !== 0; at = (at + 1) % count) {
    const value = inScale((values[at] ?? 0) + Math.sign(left));
    left -= value - (values[at] ?? 0);
    values[at] = value;
  }
  return values;
}

/** What so many of a section answered to an opened survey: written, as after a batch. people: who completed it. */
export async function writeAnswers(
  db: Db,
  of: { surveyId: string; section: string; people: string[] },
  answers: { scales: Record<string, number[]>; texts?: string[] },
): Promise<void> {
  const { surveyId, section, people } = of;
  const key = await db.surveyKey.findFirstOrThrow({ where: { surveyId, section: { code: section } } });
  const keyId = key.id;
  await db.surveyCompletion.createMany({
    data: people.map((userId) => ({ surveyId, userId, keyId, blinded: "x".repeat(342), late: false })),
  });
  const rows = [
    ...Object.entries(answers.scales).flatMap(([question, values]) =>
      values.map((scale) => ({ id: randomUUID(), keyId, question, scale })),
    ),
    ...(answers.texts ?? []).map((text) => ({ id: randomUUID(), keyId, question: "questions", text })),
  ];
  await db.surveyAnswer.createMany({ data: rows.sort((a, b) => (a.id < b.id ? -1 : 1)) });
  await db.surveyKey.update({ where: { id: keyId }, data: { answers: people.length } });
}
