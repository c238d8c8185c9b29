import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Side } from "#course/catalogue/merge-edits.ts";
import { changeDates, seenDates } from "#course/deadlines/dates/change-dates.ts";
import { fingerprint, seenConflict } from "#course/fingerprint.ts";
import { createDeadlineStore } from "#infra/db/course/deadline-store.ts";
import { sideOf } from "#infra/db/course/edits/agree-conflicts.ts";
import { findEdited, type OwnKind, readSubject } from "#infra/db/course/edits/edited-tables.ts";
import { settleConflict, siteOf } from "#infra/db/course/edits/settle-conflict.ts";
import { createSiteRows, type SiteRows } from "#infra/db/course/edits/site-rows.ts";
import { startTestDatabase, type TestDatabase } from "#tests/support/database.ts";
import { type CourseFiles, copyCourseFiles, now, slug } from "./course-files.ts";

let database: TestDatabase;
let files: CourseFiles;
let courseId: string;
let rows: SiteRows;
const by = "usr_1";

beforeEach(async () => {
  database = await startTestDatabase();
  files = await copyCourseFiles(() => database);
  await files.sync();
  courseId = (await database.db.course.findUniqueOrThrow({ where: { slug } })).id;
  await database.db.user.create({ data: { id: by, name: "Ina Instructor", email: "ina@example.edu" } });
  rows = createSiteRows(database.db, () => now);
});
afterEach(async () => {
  await database.close();
  await files.remove();
});

const tutorial6 = () => database.db.assignment.findFirstOrThrow({ where: { slug: "tutorial-6" } });
const editDue = async (date: string) => {
  const { id, releasedAt, dueAt, availableUntil } = await tutorial6();
  const dates = { releasedAt, dueAt, availableUntil };
  const typed = {
    releasedAt: { date: "2024-11-07", time: "" },
    dueAt: { date, time: "" },
    availableUntil: { date: "2024-11-27", time: "" },
  };
  return changeDates(
    { store: createDeadlineStore(database.db, () => now) },
    { assignmentId: id, to: { typed, zone: "AoE" }, seen: seenDates(dates), reason: "Storm.", by },
  );
};
const moveDue = (to: string) =>
  files.edit("course.yaml", (text) => text.replace(/due: "2024-11-2[3-9]"/, `due: "${to}"`));
const announcement = (text: string) =>
  writeFile(path.join(files.contentDir, slug, "announcements/kubernetes-labs.md"), text);
const titled = (title: string) =>
  announcement(`---\ntitle: ${title}\npublish: 2024-11-21T18:05\n---\nFive.\n`);

const known = async (kind: OwnKind, of: string) => {
  const { db } = database;
  const where = { courseId_slug: { courseId, slug: of } };
  const row =
    kind === "announcement" ? db.announcement.findUnique({ where }) : db.officeHours.findUnique({ where });
  const found = await row;
  return found === null ? null : findEdited(db, kind, found.id);
};
const change = async (kind: OwnKind, of: string, fields: Record<string, string>) => {
  const row = await known(kind, of);
  if (row === null) throw new Error(`${of} is not there.`);
  return rows.change({ kind, courseId, id: row.id, seen: fingerprint(row.site), fields, by });
};
const open = () =>
  database.db.editConflict.findMany({ where: { settledAt: null }, orderBy: { field: "asc" } });
/** What somebody sees of a conflict at this moment. */
const look = async (conflict: Awaited<ReturnType<typeof open>>[number]) => {
  const { kind, id } = readSubject(conflict.subject);
  const site = siteOf(await findEdited(database.db, kind, id), conflict.field);
  return seenConflict({ file: sideOf(conflict.fileValue), site });
};
const settle = async (conflictId: string, side: Side, seen: string) =>
  settleConflict({ db: database.db, clock: () => now }, { conflictId, courseId, side, seen, by });
const settleOnly = async (side: Side) => {
  const [conflict, ...others] = await open();
  if (conflict === undefined || others.length > 0) throw new Error("There is not one conflict.");
  return settle(conflict.id, side, await look(conflict));
};
const quiet = async () => {
  const { changes, conflicts } = await files.sync();
  expect({ changes, conflicts, open: await open() }).toEqual({ changes: [], conflicts: [], open: [] });
};

describe("a conflict of a date", () => {
  beforeEach(async () => {
    expect(await editDue("2024-11-25")).toMatchObject({ outcome: "changed" });
    await moveDue("2024-11-24");
    await files.sync();
  });

  it.each([
    ["site", "2024-11-26T12:00:00.000Z"],
    ["file", "2024-11-25T12:00:00.000Z"],
  ] as const)("settled for the %s is over, and the next sync agrees", async (side, due) => {
    expect(await settleOnly(side)).toEqual({ outcome: "settled" });
    expect((await tutorial6()).dueAt?.toISOString()).toBe(due);
    await quiet();
    expect((await tutorial6()).dueAt?.toISOString()).toBe(due);
    expect(await database.db.editConflict.findMany()).toMatchObject([{ settledAt: now, settledById: by }]);
    const audit = await database.db.auditEntry.findMany({ orderBy: { id: "asc" }, select: { action: true } });
    const actions = audit.map(({ action }) => action);
    expect(actions.filter((one) => one === "dates.changed-by-staff")).toHaveLength(1);
    expect(actions.filter((one) => one === "dates.back-to-file")).toHaveLength(side === "file" ? 1 : 0);
  });

  it("is settled once when two do it at the same instant, and the other is told by whom", async () => {
    const [conflict] = await open();
    if (conflict === undefined) throw new Error("There is no conflict.");
    const seen = await look(conflict);
    const both = await Promise.all([settle(conflict.id, "site", seen), settle(conflict.id, "file", seen)]);
    const outcomes = both.map(({ outcome }) => outcome);
    expect(outcomes.toSorted()).toEqual(["over", "settled"]);
    expect(both).toContainEqual({ outcome: "over", by: "Ina Instructor" });
    const taken = outcomes[0] === "settled" ? "2024-11-26" : "2024-11-25";
    expect((await tutorial6()).dueAt?.toISOString()).toContain(taken);
    await quiet();
  });

  it("is not settled by who saw another one: the file was synced again, or the site edited, meanwhile", async () => {
    const [conflict] = await open();
    if (conflict === undefined) throw new Error("There is no conflict.");
    const stale = await look(conflict);
    await files.edit("course.yaml", (text) => text.replace('due: "2024-11-24"', 'due: "2024-11-22"'));
    await files.sync();
    for (const side of ["file", "site"] as const) {
      expect(await settle(conflict.id, side, stale)).toMatchObject({ outcome: "refused" });
    }
    const later = await look(conflict);
    await editDue("2024-11-26");
    expect(await settle(conflict.id, "file", later)).toMatchObject({ outcome: "refused" });
    expect((await tutorial6()).dueAt?.toISOString()).toBe("2024-11-27T12:00:00.000Z");
    expect(await settleOnly("file")).toEqual({ outcome: "settled" });
    expect((await tutorial6()).dueAt?.toISOString()).toBe("2024-11-23T12:00:00.000Z");
    await quiet();
  });

  it("is over by itself when staff set the date to what the file says", async () => {
    await editDue("2024-11-24");
    expect(await open()).toEqual([]);
    await quiet();
  });

  it("is over when the files drop the assignment, to which nobody handed anything in", async () => {
    const block = / {2}- slug: tutorial-6\n(?: {4}.*\n|\n)*/;
    await files.edit("course.yaml", (text) => text.replace(block, ""));
    const gone = { subject: "assignment tutorial-6", what: "removed", fields: [] };
    expect((await files.sync()).changes).toContainEqual(gone);
    await quiet();
  });

  it("is not settled into an order that no dates may have", async () => {
    await database.db.assignment.updateMany({
      where: { slug: "tutorial-6" },
      data: { releasedAt: "2024-11-25T20:00:00.000Z" },
    });
    expect(await settleOnly("file")).toMatchObject({
      outcome: "refused",
      message: expect.stringContaining("move the other date first"),
    });
    expect(await open()).toHaveLength(1);
  });
});

describe("what the file dropped and staff edited", () => {
  beforeEach(async () => {
    expect(await change("announcement", "kubernetes-labs", { title: "Six labs" })).toBe("done");
    await rm(path.join(files.contentDir, slug, "announcements/kubernetes-labs.md"));
    await files.sync();
  });

  it("kept is staff's own from then on", async () => {
    expect(await settleOnly("site")).toEqual({ outcome: "settled" });
    await quiet();
    expect(await known("announcement", "kubernetes-labs")).toMatchObject({
      site: { title: "Six labs" },
      base: null,
    });
  });

  it("goes when the file's word is taken", async () => {
    expect(await settleOnly("file")).toEqual({ outcome: "settled" });
    await quiet();
    expect(await known("announcement", "kubernetes-labs")).toBeNull();
  });
});

describe("what staff removed on the site", () => {
  const remove = async () => {
    const row = await known("announcement", "kubernetes-labs");
    expect(await rows.remove({ kind: "announcement", courseId, id: row?.id ?? "", by })).toBe("done");
    return row?.id ?? "";
  };

  it("stays removed while the file says what it said, and can be brought back as it was", async () => {
    const before = await known("announcement", "kubernetes-labs");
    const id = await remove();
    await quiet();
    expect(await known("announcement", "kubernetes-labs")).toBeNull();
    const back = { kind: "announcement", courseId, id, by } as const;
    expect(await rows.bringBack(back)).toBe("done");
    expect(await rows.bringBack(back)).toBe("gone");
    expect(await known("announcement", "kubernetes-labs")).toEqual(before);
    await quiet();
  });

  it.each(["site", "file"] as const)(
    "is a conflict once the file changes, settled for the %s",
    async (side) => {
      await remove();
      await titled("Another title");
      const { changes, conflicts } = await files.sync();
      expect(changes).toEqual([]);
      expect(conflicts).toMatchObject([{ subject: "announcement kubernetes-labs", field: "*", site: null }]);
      expect(await settleOnly(side)).toEqual({ outcome: "settled" });
      await quiet();
      const row = await known("announcement", "kubernetes-labs");
      if (side === "site") expect(row).toBeNull();
      else expect(row).toMatchObject({ site: { title: "Another title" } });
    },
  );

  it("is nobody's conflict once the file drops it too", async () => {
    const id = await remove();
    await titled("Another title");
    await files.sync();
    await rm(path.join(files.contentDir, slug, "announcements/kubernetes-labs.md"));
    await files.sync();
    await quiet();
    expect(await rows.bringBack({ kind: "announcement", courseId, id, by })).toBe("done");
    await quiet();
  });
});

describe("a conflict of office hours", () => {
  it("is not settled into hours that end before they start", async () => {
    expect(await change("office-hours", "tuesday", { fromTime: "15:45", toTime: "16:30" })).toBe("done");
    await files.edit("schedule.yaml", (text) => text.replace('to: "15:30"', 'to: "15:00"'));
    await files.sync();
    expect(await settleOnly("file")).toMatchObject({
      outcome: "refused",
      message: expect.stringContaining("end before they start"),
    });
    expect(await settleOnly("site")).toEqual({ outcome: "settled" });
    await quiet();
  });

  it("is over when staff take all of the file's", async () => {
    expect(await change("office-hours", "tuesday", { place: "CP 301" })).toBe("done");
    await files.edit("schedule.yaml", (text) => text.replace("place: CP 229", "place: CP 230"));
    await files.sync();
    const row = await known("office-hours", "tuesday");
    const take = { kind: "office-hours", courseId, id: row?.id ?? "", by } as const;
    expect(await rows.takeFile({ ...take, seen: "another" })).toBe("meanwhile");
    expect(await rows.takeFile({ ...take, courseId: "crs_other", seen: "another" }).catch(() => "gone")).toBe(
      "gone",
    );
    expect(await rows.takeFile({ ...take, seen: fingerprint(row?.site ?? {}) })).toBe("done");
    expect(await known("office-hours", "tuesday")).toMatchObject({ site: { place: "CP 230" } });
    await quiet();
  });
});

describe("office hours and announcements of staff's own", () => {
  it("keep their place and name, and are changed by nobody who saw another thing", async () => {
    const fields = { weekday: "monday", fromTime: "09:00", toTime: "10:00", place: "CP 1" };
    const make = () =>
      rows.make({
        ...{ kind: "office-hours", courseId, wanted: "monday" },
        fields: { ...fields, link: null, exceptions: [] },
      });
    expect([await make(), await make()]).toEqual(["monday", "monday-2"]);
    const row = await known("office-hours", "monday");
    expect(row).toMatchObject({ site: fields, base: null, position: 3 });
    expect(await change("office-hours", "monday", { place: "CP 2" })).toBe("done");
    const stale = { kind: "office-hours", courseId, id: row?.id ?? "", by } as const;
    const seen = fingerprint(row?.site ?? {});
    expect(await rows.change({ ...stale, seen, fields: { place: "CP 3" } })).toBe("meanwhile");
    expect(await rows.remove(stale)).toBe("done");
    expect(await rows.bringBack(stale)).toBe("done");
    expect(await known("office-hours", "monday")).toEqual({ ...row, site: { ...row?.site, place: "CP 2" } });
    await quiet();
  });
});
