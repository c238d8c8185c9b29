import { expect, test } from "vitest";
import type { AttemptView, RunView } from "#app/_server/queries/run/run-view.ts";
import { triesOf } from "./tries-of.ts";

const at = "2024-11-12T18:00:00.000Z";
const attempt = (number: number, outcome: string, hadMachine: boolean): AttemptView => ({
  attempt: number,
  openedAt: at,
  closedAt: at,
  outcome,
  hadMachine,
});
const view = (now: number, attempts: AttemptView[]) => ({ run: { attempt: now }, attempts }) as RunView;

test("an attempt that got no machine is no attempt to its student", () => {
  const none = [1, 2, 3].map((number) => attempt(number, "No machine is free.", false));
  expect(triesOf(view(4, none))).toEqual({ number: 1, before: null });
  const silent = attempt(4, "The machine went silent.", true);
  const later = [...none, silent, attempt(5, "No machine is free.", false)];
  expect(triesOf(view(6, later))).toEqual({ number: 2, before: silent });
});

test("the attempt under way is not one before", () => {
  expect(triesOf(view(1, [attempt(1, "", true)]))).toEqual({ number: 1, before: null });
});
