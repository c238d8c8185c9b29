import { expect, test } from "vitest";
import { undoAll } from "./undo-all.ts";

test("every step is undone, last one first, also after one that fails, whose failure is thrown at the end", async () => {
  const done: string[] = [];
  const step = (name: string, failure?: Error) => async () => {
    done.push(name);
    if (failure) throw failure;
  };
  const broken = new Error("The database did not stop.");
  const steps = [step("folder"), step("database", broken), step("worker"), step("web", new Error("late"))];
  await expect(undoAll(steps)).rejects.toThrow("late");
  expect(done).toEqual(["web", "worker", "database", "folder"]);
  expect(steps).toEqual([]);
});
