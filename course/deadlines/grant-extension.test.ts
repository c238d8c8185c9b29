import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { effectiveDeadline, judgeArrival } from "./effective-deadline.ts";
import { endExtension } from "./end-extension.ts";
import { type GrantExtension, grantExtension } from "./grant-extension.ts";
import type { ExtensionStanding, ExtensionWrite, StaffAudit } from "./ports.ts";
import { instantsOf, localTimeAt } from "./zones.ts";

const ownDue = new Date("2024-11-23T12:00:00Z");
const student: ExtensionStanding = { dueAt: ownDue, role: "student", current: null };
const has = (dueAt: string): ExtensionStanding => ({
  ...student,
  current: { id: "ext_1", dueAt: new Date(dueAt), reason: "ill", grantedById: "usr_ta" },
});
const wish: GrantExtension = {
  assignmentId: "asg_1",
  studentId: "usr_s",
  date: "2024-11-25",
  time: "",
  zone: "AoE",
  reason: " A hospital stay. ",
  by: "usr_i",
};

/** Runs a use case on this standing; gives its outcome and what it would have written. */
function onStanding(standing: ExtensionStanding) {
  const written: { write: ExtensionWrite; audit: StaffAudit }[] = [];
  const ports = {
    store: {
      changeExtension: async <Outcome>(
        _of: object,
        decide: (seen: ExtensionStanding) => {
          outcome: Outcome;
          change: { write: ExtensionWrite; audit: StaffAudit } | null;
        },
      ) => {
        const { outcome, change } = decide(standing);
        if (change !== null) written.push(change);
        return outcome;
      },
      changeGrace: () => Promise.reject(new Error("No grace is asked for here.")),
      changeDates: () => Promise.reject(new Error("No dates are asked for here.")),
    },
  };
  return { ports, written };
}

async function grant(standing: ExtensionStanding, change: Partial<GrantExtension> = {}) {
  const { ports, written } = onStanding(standing);
  return { outcome: await grantExtension(ports, { ...wish, ...change }), written };
}

describe("granting an extension", () => {
  it("writes the instant that was typed, with who, before, after and why", async () => {
    const { outcome, written } = await grant(student);
    const dueAt = new Date("2024-11-26T12:00:00Z");
    expect(outcome).toEqual({ outcome: "granted", dueAt, replaced: null });
    expect(written).toEqual([
      {
        write: { type: "grant", dueAt, reason: "A hospital stay.", grantedById: "usr_i" },
        audit: {
          by: "usr_i",
          action: "extension.granted",
          before: null,
          after: { student: "usr_s", dueAt: "2024-11-26T12:00:00.000Z", stated: "2024-11-25 AoE" },
          reason: "A hospital stay.",
        },
      },
    ]);
  });

  it("again replaces what the student had, also by an earlier date, and says what that was", async () => {
    const { outcome, written } = await grant(has("2024-12-01T12:00:00Z"));
    expect(outcome).toMatchObject({ outcome: "granted", replaced: new Date("2024-12-01T12:00:00Z") });
    expect(written[0]?.audit).toMatchObject({
      action: "extension.replaced",
      before: { dueAt: "2024-12-01T12:00:00.000Z", reason: "ill" },
    });
  });

  it("twice with the same date and reason changes nothing the second time", async () => {
    const { outcome, written } = await grant(has("2024-11-26T12:00:00Z"), { reason: "ill" });
    expect(outcome).toMatchObject({ outcome: "unchanged" });
    expect(written).toEqual([]);
  });

  it.each<[string, ExtensionStanding, Partial<GrantExtension>, string, string]>([
    ["to nobody of the course", { ...student, role: null }, {}, "student", "not enrolled"],
    ["to staff", { ...student, role: "ta" }, {}, "student", "only students"],
    ["without a due date to extend", { ...student, dueAt: null }, {}, "date", "no due date"],
    [
      "to before the due date",
      student,
      { date: "2024-11-21" },
      "date",
      "Fri, Nov 22, 2024, end of day (AoE)",
    ],
    ["to the due date itself", student, { date: "2024-11-22" }, "date", "choose a later one"],
    ["without a reason", student, { reason: " \n" }, "reason", "Say why"],
    ["with a letter for a reason", student, { reason: "x".repeat(501) }, "reason", "shorten it to 500"],
    ["without a date", student, { date: "" }, "date", "Choose the new due date"],
    ["to a day that does not exist", student, { date: "2025-02-29" }, "date", "is not a date"],
    ["with a time in the date", student, { date: "2024-11-25T10:00" }, "date", "is not a date"],
    ["to a time that is none", student, { time: "25:00" }, "time", "does not exist"],
    ["to a word for a time", student, { time: "noon" }, "time", "is not a time"],
    ["in a zone that nobody knows", student, { zone: "PST8" }, "zone", "is not a time zone"],
    ["in no zone", student, { zone: "" }, "zone", "Name the time zone"],
    [
      "to a local time that a clock change skips",
      student,
      { date: "2025-03-09", time: "02:30", zone: "America/Los_Angeles" },
      "time",
      "does not exist in America/Los_Angeles",
    ],
  ])(
    "%s is refused beside its field, and nothing is written",
    async (_what, standing, change, field, why) => {
      const { outcome, written } = await grant(standing, change);
      expect(outcome).toEqual({
        outcome: "refused",
        problems: [{ field, message: expect.stringContaining(why) }],
      });
      expect(written).toEqual([]);
    },
  );

  it("names every field that is wrong at once", async () => {
    const { outcome } = await grant(student, { zone: "x", reason: "" });
    expect(outcome).toMatchObject({ problems: [{ field: "zone" }, { field: "reason" }] });
  });

  it("AoE may be written in any case, and a repeated local time means the later", async () => {
    expect((await grant(student, { zone: "aoe" })).outcome).toMatchObject({ outcome: "granted" });
    const twice = { date: "2025-11-02", time: "01:30", zone: "America/Los_Angeles" };
    expect((await grant(student, twice)).outcome).toMatchObject({ dueAt: new Date("2025-11-02T09:30:00Z") });
  });

  it("takes the work of every instant before it and of none after, whatever zone it was typed in", () => {
    const rules = {
      ...{ releasedAt: null, dueAt: ownDue, availableUntil: null },
      ...{ graceSeconds: 0, latePolicy: { kind: "none" as const } },
    };
    const zones = fc.constantFrom("AoE", "UTC", "America/Los_Angeles", "Asia/Kolkata", "Pacific/Apia");
    const seconds = fc.integer({ min: 1, max: 400 * 86_400 });
    return fc.assert(
      fc.asyncProperty(zones, seconds, async (zone, after) => {
        const wanted = new Date(ownDue.getTime() + after * 1000);
        const local = localTimeAt(wanted, zone);
        fc.pre(instantsOf(local, zone).at(-1)?.getTime() === wanted.getTime());
        const two = (n: number) => String(n).padStart(2, "0");
        const { outcome } = await grant(student, {
          date: `${local.year}-${two(local.month)}-${two(local.day)}`,
          time: `${two(local.hour)}:${two(local.minute)}:${two(local.second)}`,
          zone,
        });
        if (outcome.outcome !== "granted") throw new Error(JSON.stringify(outcome));
        expect(outcome.dueAt).toEqual(wanted);
        const deadline = effectiveDeadline(rules, outcome);
        expect(judgeArrival(deadline, new Date(wanted.getTime() - 1)).outcome).toBe("accepted");
        expect(judgeArrival(deadline, wanted).outcome).toBe("refused");
      }),
    );
  });
});

describe("ending an extension", () => {
  const end = async (standing: ExtensionStanding, extensionId = "ext_1", reason = "Given by mistake.") => {
    const { ports, written } = onStanding(standing);
    const wanted = { assignmentId: "asg_1", studentId: "usr_s", extensionId, reason, by: "usr_i" };
    return { outcome: await endExtension(ports, wanted), written };
  };

  it("takes it away and keeps in the audit what it was", async () => {
    const { outcome, written } = await end(has("2024-12-01T12:00:00Z"));
    expect(outcome).toEqual({ outcome: "ended", was: new Date("2024-12-01T12:00:00Z") });
    expect(written).toMatchObject([
      {
        write: { type: "end" },
        audit: {
          action: "extension.ended",
          before: { student: "usr_s", dueAt: "2024-12-01T12:00:00.000Z", reason: "ill" },
          after: null,
        },
      },
    ]);
  });

  it("is refused for one that is gone or was replaced meanwhile, and without a reason", async () => {
    const gone = await end(student);
    expect(gone.outcome).toMatchObject({ problems: [{ message: expect.stringContaining("already") }] });
    const replaced = await end(has("2024-12-01T12:00:00Z"), "ext_0");
    expect(replaced.outcome).toMatchObject({ problems: [{ message: expect.stringContaining("replaced") }] });
    const silent = await end(has("2024-12-01T12:00:00Z"), "ext_1", " ");
    expect(silent.outcome).toMatchObject({ problems: [{ field: "reason" }] });
    expect([...gone.written, ...replaced.written, ...silent.written]).toEqual([]);
  });
});
