import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { storedChange } from "#app/_server/queries/course/describe-change.ts";
import { storedEditValue, storedFileFields, storedRemovedRow } from "#course/catalogue/stored-edits.ts";
import { storedExceptions, storedObjectives } from "#course/catalogue/stored-schedule.ts";
import { storedLatePolicy } from "#course/deadlines/late-policy.ts";
import { storedWishes } from "#course/presentations/talk-standing.ts";
import { storedReviewAnswers, storedReviewForm } from "#course/reviews/review-form.ts";
import { storedQuestions } from "#course/surveys/questions.ts";
import { storedSpec } from "#grading/exercises/spec/stored-spec.ts";
import { storedVersions } from "#grading/machines/stored-versions.ts";
import {
  readStoredEvent,
  storedEvent,
  storedMessage,
  storedTimeline,
} from "#grading/runs/results/stored-results.ts";
import { storedFiles } from "#grading/submissions/stored-files.ts";

const root = path.resolve(import.meta.dirname, "../../..");

/** Which reader each column of JSON has. */
const readers = {
  "assignment.late_policy": storedLatePolicy,
  "exercise_version.spec": storedSpec,
  "submission.files": storedFiles,
  "check_result.message": storedMessage,
  "check_result.timeline": storedTimeline,
  "run_event.payload": storedEvent,
  "machine_image.versions": storedVersions,
  "class_meeting.objectives": storedObjectives,
  "talk.wishes": storedWishes,
  "assignment.review_form": storedReviewForm,
  "review.form": storedReviewForm,
  "review.answers": storedReviewAnswers,
  "office_hours.exceptions": storedExceptions,
  "assignment.from_file": storedFileFields,
  "office_hours.from_file": storedFileFields,
  "announcement.from_file": storedFileFields,
  "site_removal.fields": storedRemovedRow,
  "site_removal.from_file": storedFileFields,
  "edit_conflict.base_value": storedEditValue,
  "edit_conflict.file_value": storedEditValue,
  "edit_conflict.site_value": storedEditValue,
  "survey.questions": storedQuestions,
  "survey_plan.questions": storedQuestions,
  "audit_entry.before": storedChange,
  "audit_entry.after": storedChange,
};

async function jsonColumns(): Promise<string[]> {
  const schema = await readFile(path.join(root, "prisma/schema.prisma"), "utf8");
  const models = schema.matchAll(/^model \w+ \{\n(.*?)^\}/gms);
  return [...models].flatMap(([, body = ""]) => {
    const table = /@@map\("(\w+)"\)/.exec(body)?.[1] ?? "?";
    return [...body.matchAll(/^ {2}(\w+) +Json\??(?: +@map\("(\w+)"\))?/gm)].map(
      ([, field, column]) => `${table}.${column ?? field}`,
    );
  });
}

async function sources(): Promise<{ file: string; text: string }[]> {
  const found = await Promise.all(
    ["app", "course", "grading", "infra", "workers", "bin"].map(async (room) => {
      const files = await readdir(path.join(root, room), { recursive: true });
      return files
        .filter((file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$/.test(file) && !file.includes("generated"))
        .map((file) => path.join(room, file));
    }),
  );
  return Promise.all(
    found.flat().map(async (file) => ({ file, text: await readFile(path.join(root, file), "utf8") })),
  );
}

describe("stored JSON", () => {
  test("has one reader a column, and no column is without one", async () => {
    expect((await jsonColumns()).sort()).toEqual(Object.keys(readers).sort());
  });

  test("is parsed by its reader alone", async () => {
    const schemas = /\b(exerciseSpec|latePolicy|checkMessage|drillTimeline|runEvent)\.(parse|safeParse)\(/;
    const parsing = (await sources()).filter(({ text }) => schemas.test(text)).map(({ file }) => file);
    // Of an author's file, and of an event that a browser was sent.
    expect(parsing.sort()).toEqual([
      "app/_ui/run/live/parse-streamed.ts",
      "grading/exercises/load-exercise.ts",
    ]);
  });

  test("of an exercise from before there were facilities is read as one that names them", () => {
    const spec = {
      slug: "x",
      title: "X",
      checks: [{ id: "a", kind: "files/required", title: "A", points: 1, timeoutSeconds: 5 }],
    };
    const facilitiesOf = (more: object) => {
      const read = storedSpec.read({ ...spec, ...more });
      return read.outcome === "read" ? read.value.facilities : read.why;
    };
    const kubernetes = { nodes: 2, namespaces: ["shop"], podSecurity: "restricted" };
    expect(facilitiesOf({ profile: "kubernetes", kubernetes })).toEqual({ kubernetes });
    expect(facilitiesOf({ profile: "docker", kubernetes })).toEqual({});
    expect(facilitiesOf({})).toEqual({});
    expect(facilitiesOf({ profile: "mainframe" })).toContain("there is no profile mainframe");
    expect(facilitiesOf({ facilities: { kubernetes } })).toContain("it names facilities");
    expect(facilitiesOf({ $version: 2, facilities: { kubernetes } })).toEqual({ kubernetes });
  });

  test.each(Object.entries(readers))("in %s never throws, whatever the row holds", (_column, reader) => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        expect(["read", "unreadable"]).toContain(reader.read(json).outcome);
      }),
    );
    expect(reader.read({ $version: 99 })).toMatchObject({ outcome: "unreadable" });
  });

  test("of an event of an unknown type, or of another shape, is a value too", () => {
    fc.assert(
      fc.property(fc.string(), fc.jsonValue(), (type, payload) => {
        expect(["read", "unreadable"]).toContain(readStoredEvent({ type, payload }).outcome);
      }),
    );
  });
});
