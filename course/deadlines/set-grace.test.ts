import fc from "fast-check";
import { expect, it } from "vitest";
import type { Decided, GraceStanding, GraceWrite } from "./ports.ts";
import { setGrace } from "./set-grace.ts";

const standing: GraceStanding = {
  dueAt: new Date("2024-11-23T12:00:00Z"),
  fileGraceSeconds: 300,
  staffGraceSeconds: null,
};

async function set(
  graceSeconds: number | null,
  seen: Partial<GraceStanding> = {},
  reason = "The network was down.",
) {
  const written: unknown[] = [];
  const store = {
    changeExtension: () => Promise.reject(new Error("No extension is asked for here.")),
    changeDates: () => Promise.reject(new Error("No dates are asked for here.")),
    changeGrace: async <Outcome>(
      _of: object,
      decide: (now: GraceStanding) => Decided<GraceWrite, Outcome>,
    ) => {
      const { outcome, change } = decide({ ...standing, ...seen });
      if (change !== null) written.push(change);
      return outcome;
    },
  };
  return {
    outcome: await setGrace({ store }, { assignmentId: "asg_1", graceSeconds, reason, by: "usr_i" }),
    written,
  };
}

it("stands over the file's from then on, with who, before, after and why", async () => {
  expect(await set(900)).toEqual({
    outcome: { outcome: "set", graceSeconds: 900 },
    written: [
      {
        write: { staffGraceSeconds: 900 },
        audit: {
          by: "usr_i",
          action: "grace.set-by-staff",
          before: { graceSeconds: 300, staffGraceSeconds: null },
          after: { graceSeconds: 900, staffGraceSeconds: 900 },
          reason: "The network was down.",
        },
      },
    ],
  });
});

it("goes back to the file's value when staff say so", async () => {
  const { outcome, written } = await set(null, { staffGraceSeconds: 900 });
  expect(outcome).toEqual({ outcome: "set", graceSeconds: 300 });
  expect(written).toMatchObject([
    { write: { staffGraceSeconds: null }, audit: { action: "grace.back-to-file" } },
  ]);
});

it("that is what it was is not written again", async () => {
  expect(await set(900, { staffGraceSeconds: 900 })).toEqual({
    outcome: { outcome: "unchanged", graceSeconds: 900 },
    written: [],
  });
  expect((await set(null)).written).toEqual([]);
});

it("is a whole number of seconds from none to a day; everything else is refused", async () => {
  const anyNumber = fc.oneof(
    fc.integer({ min: -10, max: 90_000 }),
    fc.double(),
    fc.constantFrom(0, 86_400, 86_401),
  );
  await fc.assert(
    fc.asyncProperty(anyNumber, async (seconds) => {
      const { outcome, written } = await set(seconds, { staffGraceSeconds: 1 });
      const fits = Number.isInteger(seconds) && seconds >= 0 && seconds <= 86_400;
      expect(outcome.outcome === "refused").toBe(!fits);
      expect(written.length).toBe(fits && seconds !== 1 ? 1 : 0);
    }),
  );
});

it("needs a reason and a due date", async () => {
  expect((await set(60, {}, " ")).outcome).toMatchObject({ problems: [{ field: "reason" }] });
  expect((await set(60, { dueAt: null })).outcome).toMatchObject({ problems: [{ field: "grace" }] });
  expect((await set(-1, {}, "")).outcome).toMatchObject({
    problems: [{ field: "grace" }, { field: "reason" }],
  });
});
