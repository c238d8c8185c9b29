import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import ts from "typescript";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { listNotices, type NoticeLine } from "#app/_server/queries/staff-notices.ts";
import type { Services } from "#app/_server/services.ts";
import { type Caps, noCaps } from "#course/cost/budget.ts";
import { LaunchError } from "#grading/machines/provider.ts";
import { defaultTimings } from "#grading/machines/timings.ts";
import { submitWork } from "#grading/submissions/submit-work.ts";
import { createFleetSweeps } from "#infra/db/machines/fleet-sweeps.ts";
import { createLogger } from "#infra/telemetry/logger.ts";
import type { TestDatabase } from "#tests/support/database.ts";
import { filesOf, startSubmitFixture, submitInput, zipOf } from "#tests/support/submit.ts";
import { createImageMaker } from "#workers/make-images.ts";
import { moneyWaits } from "#workers/reconcilers/money-waits.ts";
import { type FleetBench, fullResult, openFleetBench, outcome, takeOrder } from "../runs/fleet-bench.ts";

/**
 * Every sentence of the program that says that staff are told, have been told or see something: what makes the
 * program say it is done here, and the notice is then on the staff's first page. A new sentence needs its line.
 */
const said: Record<string, { drive: () => Promise<void>; of: "course" | "platform"; page?: () => string }> = {
  "Nothing to fix on your side; staff are told.": { drive: () => grade("exercise"), of: "course" },
  "Your last one. It could not be graded; staff were told.": { drive: () => grade("exercise"), of: "course" },
  "The exercise itself is at fault; your staff see this.": { drive: () => grade("exercise"), of: "course" },
  "Drydock is at fault, not your work; your staff see this.": {
    drive: async () => {
      for (let attempt = 1; attempt <= 3; attempt++) await grade("platform");
    },
    of: "course",
  },
  "${reason} This run could not be graded; staff have been told.": {
    drive: async () => {
      for (let attempt = 1; attempt <= 3; attempt++) await loseMachine();
    },
    of: "course",
  },
  "${reason}${cost} Staff have been told.": { drive: () => grade("exercise"), of: "course" },
  "${tries} The last one: ${reason}${fault} Staff have been told.": {
    drive: async () => {
      for (let attempt = 1; attempt <= 3; attempt++) await loseMachine();
    },
    of: "course",
  },
  "Drydock cannot start machines at the moment; staff have been told.": {
    drive: async () => {
      bench.provider.failures.push(new LaunchError("misconfigured", "The image is missing."));
      await bench.starter.start(runId);
      expect((await bench.run(runId)).reason).toContain("staff have been told");
    },
    of: "platform",
  },
  "What machines may cost in a day is used up or held for runs under way; there is more at 00:00 UTC, and staff have been told.":
    { drive: () => spend({ ...noCaps, dayMicros: 0 }), of: "platform" },
  "What the machines of this course may cost is used up or held for runs under way; staff have been told.": {
    drive: () => spend({ ...noCaps, courseMicros: 0 }),
    of: "course",
    page: () => "/courses/a-course/fleet",
  },
  "; staff have been told": { drive: failImage, of: "platform" },
  "Of all submissions to this course ${used(use.course, quotas.courseBytes)}, the most for a course, so this upload has no room; your staff see this and can have the limit raised, then upload again.":
    { drive: fillStorage, of: "course", page: () => `/courses/${bench.course.courseSlug}/submissions/all` },
};

let bench: FleetBench;
let runId: string;
beforeEach(async () => {
  bench = await openFleetBench({ fleetMax: 1 });
  ({ runId } = await bench.submit());
});
afterEach(() => bench.close());

async function grade(fault: "exercise" | "platform"): Promise<void> {
  const { session, order, machineId } = await takeOrder(bench, runId);
  const checks = bench.course.spec.checks.map((check) =>
    outcome(check, { verdict: "not_graded", fault, points: 0 }),
  );
  await bench.service.reportResult(session, { ...fullResult(bench, order), checks });
  await bench.store.finishScoring(runId);
  await bench.store.closeMachine(machineId);
}

async function loseMachine(): Promise<void> {
  const { machineId } = await takeOrder(bench, runId);
  await bench.store.endMachine({ machineId, how: "lost", reason: "The machine was interrupted." });
  await bench.store.closeMachine(machineId);
}

/** Nothing may be spent. */
async function spend(caps: Caps): Promise<void> {
  const sweeps = createFleetSweeps(bench.db, { ...bench.own, caps });
  await bench.launcher.askPriceOf("engine", "spot");
  const fleet = { ...bench.fleet(), sweeps };
  const failing = {
    ...fleet,
    store: { ...fleet.store, tellStaff: () => Promise.reject(new Error("Away.")) },
  };
  await moneyWaits(failing, bench.starter, bench.launcher, () => undefined).pass();
  expect((await bench.run(runId)).reason).toBeNull();
  await moneyWaits(fleet, bench.starter, bench.launcher, () => undefined).pass();
  expect((await bench.run(runId)).reason).toContain("staff have been told");
}

async function failImage(): Promise<void> {
  const images = createImageMaker({
    there: new Map(),
    make: () => Promise.reject(new Error("No proxy.")),
    timings: defaultTimings,
    clock: bench.now,
    log: createLogger({ name: "test", level: "silent" }),
  });
  images.tell({ ...bench.store, onReady: () => undefined });
  images.ask("engine+kubernetes");
  // It ends once what was being made has.
  await expect.poll(() => images.ask("engine+kubernetes")).toContain("staff have been told");
}

async function fillStorage(): Promise<void> {
  const { course, db } = bench;
  const fixture = await startSubmitFixture({ db } as TestDatabase, bench.now(), {
    personBytes: 1000,
    courseBytes: 1,
  });
  const ports = fixture.portsWithQueue(
    async () => undefined,
    (entry) => bench.errors.push(entry as object),
  );
  const files = filesOf({ name: "work.zip", bytes: await zipOf({ Dockerfile: "FROM busybox" }) });
  const { studentId: userId, exerciseId } = course;
  const refused = await submitWork(
    ports,
    submitInput({ userId, exerciseId, files, receivedAt: bench.now() }),
  );
  expect(refused).toMatchObject({
    outcome: "refused",
    message: expect.stringContaining("your staff see this"),
  });
  await fixture.close();
}

/** Of the exercise: the list with its runs. */
const notGradable = () =>
  `/courses/${bench.course.courseSlug}/submissions/all?state=not_gradable&exercise=docker-containers`;

const firstPage = async (courseId: string | null): Promise<NoticeLine[]> =>
  (await listNotices({ db: bench.db } as Services, courseId, "a-course")).open;

describe("a sentence that says that staff know is true:", () => {
  test.each(Object.entries(said))("%s", async (_sentence, { drive, of, page }) => {
    await drive();
    const [course, platform] = [await firstPage(bench.course.courseId), await firstPage(null)];
    expect([course.length, platform.length]).toEqual(of === "course" ? [1, 0] : [0, 1]);
    const [notice] = [...course, ...platform];
    expect(notice).toMatchObject({ title: expect.stringMatching(/^[A-Z]/), reason: expect.any(String) });
    if (of === "course") expect(notice?.link?.href).toBe(page?.() ?? notGradable());
    expect(bench.errors).toHaveLength(1);
  });

  test("and there is no other such sentence in the program", async () => {
    expect([...(await sentences())].sort()).toEqual(Object.keys(said).sort());
  });
});

/** Says that staff know; what asks the reader to tell them, or says where they may look, does not. */
const saysSo =
  /\bstaff (?:(?:have been|had been|are|were|will be) (?:told|informed|notified)|(?:see|know|learn|hear)(?: of| about)? this)/i;

/** Every text of the program's sources that says so, between quotes or in a page; comments are none. */
async function sentences(): Promise<Set<string>> {
  const root = path.resolve(import.meta.dirname, "../../..");
  const found = new Set<string>();
  for (const room of ["app", "bin", "course", "grading", "infra", "workers"]) {
    for (const entry of await readdir(path.join(root, room), { recursive: true, withFileTypes: true })) {
      const file = path.join(entry.parentPath, entry.name);
      if (!/\.tsx?$/.test(file) || /\.test\.tsx?$|\/generated\//.test(file)) continue;
      const source = await readFile(file, "utf8");
      if (!/staff/i.test(source)) continue;
      for (const text of texts(file, source)) if (saysSo.test(text)) found.add(text);
    }
  }
  return found;
}

/** What a person may read of a source file: strings, templates as they are written, and text of JSX. */
function texts(file: string, source: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) found.push(node.text);
    else if (ts.isTemplateExpression(node)) found.push(node.getText().slice(1, -1));
    else if (ts.isJsxText(node)) found.push(node.text.replaceAll(/\s+/g, " ").trim());
    if (!ts.isTemplateExpression(node)) ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true));
  return found;
}

test("a sentence is found between quotes, in a template and in a page, over several lines, and not in a comment", () => {
  const source = `
    // staff are told
    const a = "Your staff see this.";
    const b = \`\${a} Staff were told.\`;
    const c = <p>
      Nothing is lost; staff
      have been told.
    </p>;`;
  expect(texts("page.tsx", source).filter((text) => saysSo.test(text))).toEqual([
    "Your staff see this.",
    expect.stringContaining("Staff were told."),
    "Nothing is lost; staff have been told.",
  ]);
});
