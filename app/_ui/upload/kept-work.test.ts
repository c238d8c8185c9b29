import { beforeEach, expect, test, vi } from "vitest";
import { findKept, keepWork } from "./kept-work.ts";

/** Stands in for the browser's store. */
const stored = vi.hoisted(() => ({ rows: new Map<string, unknown>(), full: false }));
vi.mock("idb-keyval", () => ({
  createStore: () => null,
  get: async (name: string) => stored.rows.get(name),
  set: async (name: string, value: unknown) => {
    if (stored.full) throw new DOMException("No room.", "QuotaExceededError");
    stored.rows.set(name, value);
  },
  del: async (name: string) => void stored.rows.delete(name),
  entries: async () => [...stored.rows],
  clear: async () => stored.rows.clear(),
}));
beforeEach(() => {
  stored.rows.clear();
  stored.full = false;
});

const owner = { person: "usr_1", exercise: "course/assignment/exercise" };
const work = (key: string) => ({
  files: [{ path: "a.zip", file: new File(["x"], "a.zip") }],
  key,
  chosenAt: 1,
});

test("older files are not offered once newer ones were chosen that the browser has no room for", async () => {
  expect(await keepWork(owner, work("older"))).toBe(true);
  stored.full = true;
  expect(await keepWork(owner, work("newer"))).toBe(false);
  expect(await findKept(owner, 2)).toBeNull();
});

test("files are offered to whom they are of, for their exercise, for a day", async () => {
  await keepWork(owner, work("key"));
  expect(await findKept(owner, 2)).toMatchObject({ key: "key" });
  expect(await findKept({ ...owner, person: "usr_2" }, 2)).toBeNull();
  expect(await findKept({ ...owner, exercise: "course/assignment/other" }, 2)).toBeNull();
  expect(await findKept(owner, 25 * 3_600_000)).toBeNull();
});
