import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { settleSurveys } from "#infra/db/surveys/write-batches.ts";
import { startTestDatabase, type TestDatabase } from "#tests/support/database.ts";
import { addStudents, answerAs, hour, type SurveyCourse, seedSurveyCourse } from "./survey-class.ts";

/**
 * A class of forty answers, each something that only they would say, one after the other and the answers in the order of
 * the completions: the worst case. Then whoever has all of the database, its log and the data folder guesses.
 */
const size = 40;
/** Of forty guessed at random one is right on average; nine or more are in one of a million tries. */
const chance = 9;

let database: TestDatabase;
let course: SurveyCourse;
let students: string[];
/** What the person of this index wrote. */
const textOf = (index: number) => `only person number ${index} would ask this`;

beforeAll(async () => {
  database = await startTestDatabase();
  course = await seedSurveyCourse(database);
  students = await addStudents(database, course, course.sectionIds.graduate, size);
});
afterAll(async () => {
  await course?.remove();
  await database?.close();
});

const rows = <Row>(sql: string) => database.db.$queryRawUnsafe<Row[]>(sql);

/** Every file of the server, its log of changes included, and of the data folder. */
async function* storedFiles(): AsyncGenerator<{ file: string; bytes: Buffer }> {
  const [at] = await rows<{ data_directory: string }>("SHOW data_directory");
  for (const folder of [at?.data_directory ?? "", course.dataDir]) {
    for (const name of await readdir(folder, { recursive: true })) {
      const file = path.join(folder, name);
      const bytes = await readFile(file).catch(() => null);
      if (bytes !== null) yield { file, bytes };
    }
  }
}

async function filesThatHold(text: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { file, bytes } of storedFiles()) if (bytes.includes(text)) found.push(file);
  return found;
}

/** The students from this to that, one after the other, each at once with their answers. */
async function answer(from: number, to: number) {
  for (const [index, userId] of students.entries()) {
    if (index < from || index >= to) continue;
    const scales = { material: 1 + (index % 10), pace: 1 + (Math.floor(index / 4) % 10) };
    const sent = await answerAs(course, userId, { ...scales, questions: textOf(index) });
    expect(sent).toEqual({ outcome: "taken" });
  }
  await rows("CHECKPOINT");
}

test("what waits is in no file of database or data folder as it was written", async () => {
  await answer(0, 25);
  expect(await filesThatHold("would ask this")).toEqual([]);
  course.setNow(new Date(course.endOf(1).getTime() + 40 * hour));
  await settleSurveys(course.parts, course.courseId);
  await answer(25, size);
  expect(await filesThatHold(textOf(size - 1))).toEqual([]);
  await settleSurveys(course.parts, course.courseId);
  await rows("CHECKPOINT");
  // The control: once written, the same search finds it.
  expect(await filesThatHold(textOf(size - 1))).not.toEqual([]);
  expect(await database.db.surveyAnswer.count()).toBe(3 * size);
});

test("a written answer has no person, time, token or order in it, and nothing of another answer of theirs", async () => {
  const columns = await rows<{ column_name: string }>(
    "SELECT column_name FROM information_schema.columns WHERE table_name = 'survey_answer' ORDER BY 1",
  );
  expect(columns.map((one) => one.column_name)).toEqual(["id", "key_id", "question", "scale", "text"]);
  const sameTransaction = await rows("SELECT DISTINCT xmin::text FROM survey_answer");
  expect(sameTransaction).toHaveLength(1);
  const ids = await rows<{ id: string }>("SELECT id::text FROM survey_answer");
  expect(ids.every(({ id }) => /^[0-9a-f]{8}-[0-9a-f]{4}-4/.test(id))).toBe(true);
});

test("no value of a completion or a token is found with an answer, in any table", async () => {
  const answers = JSON.stringify(await rows("SELECT id::text, question, scale, text FROM survey_answer"));
  const people = await rows<{ user_id: string; blinded: string }>(
    "SELECT user_id, blinded FROM survey_completion",
  );
  const tokens = await rows<{ hash: string; sealed: unknown }>("SELECT hash, sealed FROM survey_token");
  expect(people).toHaveLength(size);
  expect(tokens).toHaveLength(size);
  for (const { user_id, blinded } of people) {
    expect(answers).not.toContain(user_id);
    expect(answers).not.toContain(blinded);
  }
  for (const { hash, sealed } of tokens) {
    expect(sealed).toBeNull();
    expect(answers).not.toContain(hash);
  }
  // Nor in any other: each table, as text, names a person or an answer, and never both.
  const tables = await rows<{ name: string }>(
    "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'",
  );
  for (const { name } of tables) {
    const all = (await rows<{ row: string }>(`SELECT to_jsonb(t)::text AS row FROM "${name}" t`)).map(
      ({ row }) => row,
    );
    const both = all.filter(
      (row) => row.includes("would ask this") && students.some((id) => row.includes(id)),
    );
    expect(both, name).toEqual([]);
  }
  const timed = await rows<{ n: string }>(
    "SELECT table_name || '.' || column_name AS n FROM information_schema.columns WHERE table_name IN ('survey_completion', 'survey_token', 'survey_answer') AND data_type LIKE 'timestamp%'",
  );
  expect(timed).toEqual([]);
});

test("guessing by any order that the database has is no better than chance", async () => {
  const orders = ["ctid", "id", "xmin::text::bigint, ctid"];
  const completed = ["ctid", "user_id", "blinded"];
  for (const byAnswer of orders) {
    for (const byPerson of completed) {
      const texts = await rows<{ text: string }>(
        `SELECT text FROM survey_answer WHERE text IS NOT NULL ORDER BY ${byAnswer}`,
      );
      const people = await rows<{ user_id: string }>(
        `SELECT user_id FROM survey_completion ORDER BY ${byPerson}`,
      );
      const guessed = people.map(({ user_id }) => textOf(students.indexOf(user_id)));
      for (const list of [texts, texts.toReversed()]) {
        const right = list.filter(({ text }, index) => text === guessed[index]).length;
        expect(right, `${byAnswer} with ${byPerson}`).toBeLessThan(chance);
      }
    }
  }
});
