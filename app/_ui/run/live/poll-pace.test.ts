import { expect, test } from "vitest";
import type { QueueView } from "#app/_server/queries/run/run-view.ts";
import { pollPace } from "./poll-pace.ts";

const at = (position: number) => pollPace({ run: { final: false }, queue: { position } as QueueView });

test("a page asks every three seconds, and less often the further back its run waits, up to fifteen", () => {
  expect(pollPace({ run: { final: false }, queue: null })).toBe(3000);
  expect([1, 10, 11, 30, 41, 500].map(at)).toEqual([3000, 3000, 6000, 9000, 15_000, 15_000]);
});

test("and of another run, which it only follows, every five", () => {
  expect(pollPace({ run: { final: true }, queue: null })).toBe(5000);
});
