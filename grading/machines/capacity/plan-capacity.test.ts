import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defaultCurve } from "./arrival-curve.ts";
import type { ComingDeadline } from "./expected-arrivals.ts";
import { type CapacityInput, type KindFigures, planCapacity } from "./plan-capacity.ts";

const now = new Date("2024-11-22T08:00:00Z");
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000);
const engine: KindFigures = {
  ...{ kind: "engine", vcpus: 2, bootSeconds: 60, runSeconds: 240, waiting: 0, underWay: 0 },
};
const dueIn = (seconds: number, others: Partial<ComingDeadline> = {}): ComingDeadline => ({
  ...{ title: "Tutorial 7", kind: "engine", dueAt: later(seconds), students: 200, handedIn: 100 },
  ...others,
});
const input = (others: Partial<CapacityInput> = {}): CapacityInput => ({
  ...{ now, deadlines: [], curve: defaultCurve, kinds: [engine], cap: 40, quotaVcpus: 80 },
  ...others,
});
const held = (one: Partial<CapacityInput>) => planCapacity(input(one)).hold[0]?.machines;

const kindNames = ["engine", "engine+kubernetes", "engine+lambda"] as const;
const anyKinds = fc.uniqueArray(fc.constantFrom(...kindNames), { minLength: 1 }).chain((names) =>
  fc.tuple(
    ...names.map((kind) =>
      fc.record({
        kind: fc.constant(kind),
        vcpus: fc.integer({ min: 1, max: 8 }),
        bootSeconds: fc.integer({ min: 0, max: 600 }),
        runSeconds: fc.integer({ min: 1, max: 3600 }),
        waiting: fc.integer({ min: 0, max: 20 }),
        underWay: fc.integer({ min: 0, max: 20 }),
      }),
    ),
  ),
);
const anyDeadline = fc.record({
  title: fc.constant("Tutorial"),
  kind: fc.constantFrom(...kindNames),
  dueAt: fc.integer({ min: -3600, max: 8 * 86_400 }).map(later),
  students: fc.integer({ min: 0, max: 2000 }),
  handedIn: fc.integer({ min: 0, max: 2000 }),
});
const anyInput: fc.Arbitrary<CapacityInput> = fc.record({
  now: fc.constant(now),
  deadlines: fc.array(anyDeadline, { maxLength: 5 }),
  curve: fc.constant(defaultCurve),
  kinds: anyKinds,
  cap: fc.integer({ min: 0, max: 60 }),
  quotaVcpus: fc.integer({ min: 0, max: 200 }),
  settings: fc.constant({ horizonSeconds: 4 * 3600, stepSeconds: 600 }),
});

describe("machines that are held warm", () => {
  it("are never beyond cap or quota with those that runs have or wait for", () => {
    fc.assert(
      fc.property(anyInput, (given) => {
        const { hold } = planCapacity(given);
        const machines = hold.reduce((sum, one) => sum + one.machines, 0);
        const busy = given.kinds.reduce((sum, one) => sum + one.waiting + one.underWay, 0);
        expect(machines).toBeLessThanOrEqual(Math.max(0, given.cap - busy));
        const sizeOf = (kind: string) => given.kinds.find((one) => one.kind === kind)?.vcpus ?? Number.NaN;
        const vcpus = hold.reduce((sum, one) => sum + one.machines * sizeOf(one.kind), 0);
        const busyVcpus = given.kinds.reduce((sum, one) => sum + (one.waiting + one.underWay) * one.vcpus, 0);
        expect(vcpus).toBeLessThanOrEqual(Math.max(0, given.quotaVcpus - busyVcpus));
      }),
    );
  });

  it("are never beyond cap or quota at any time to come", () => {
    fc.assert(
      fc.property(anyInput, (given) => {
        const { coming } = planCapacity(given);
        for (const instant of new Set(coming.map(({ from }) => from.getTime()))) {
          const then = coming.filter(
            ({ from, until }) => from.getTime() <= instant && instant < until.getTime(),
          );
          expect(then).toHaveLength(given.kinds.length);
          const machines = then.reduce((sum, one) => sum + one.machines, 0);
          expect(machines).toBeLessThanOrEqual(given.cap);
          const vcpus = then.reduce(
            (sum, one) =>
              sum + one.machines * (given.kinds.find(({ kind }) => kind === one.kind)?.vcpus ?? 0),
            0,
          );
          expect(vcpus).toBeLessThanOrEqual(given.quotaVcpus);
        }
      }),
    );
  });

  it("are none while no deadline is near, whatever is under way", () => {
    fc.assert(
      fc.property(anyInput, fc.integer({ min: 8 * 86_400, max: 90 * 86_400 }), (given, seconds) => {
        const deadlines = given.deadlines.map((one) => ({ ...one, dueAt: later(seconds) }));
        for (const one of planCapacity({ ...given, deadlines }).hold) expect(one.machines).toBe(0);
        const past = given.deadlines.map((one) => ({ ...one, dueAt: later(-seconds) }));
        for (const one of planCapacity({ ...given, deadlines: past }).hold) expect(one.machines).toBe(0);
      }),
    );
  });

  const oneKind = anyInput.map((given) => ({ ...given, kinds: given.kinds.slice(0, 1) }));
  const more = (one: CapacityInput, other: CapacityInput) => {
    const [less, atLeast] = [one, other].map((given) => planCapacity(given).hold[0]?.machines ?? Number.NaN);
    expect(atLeast).toBeGreaterThanOrEqual(less as number);
  };

  it("are never fewer for more students, or for fewer who have handed in", () => {
    fc.assert(
      fc.property(oneKind, fc.nat(500), fc.nat(500), (given, students, handedIn) => {
        const deadlines = given.deadlines.map((one) => ({
          ...one,
          students: one.students + students,
          handedIn: Math.max(0, one.handedIn - handedIn),
        }));
        more(given, { ...given, deadlines });
      }),
    );
  });

  it("are never fewer for more deadlines, a longer boot, a higher cap or a higher quota", () => {
    fc.assert(
      fc.property(
        oneKind,
        anyDeadline,
        fc.nat(300),
        fc.nat(40),
        fc.nat(80),
        (given, one, boot, cap, quota) => {
          more(given, { ...given, deadlines: [...given.deadlines, one] });
          const kinds = given.kinds.map((kind) => ({ ...kind, bootSeconds: kind.bootSeconds + boot }));
          more(given, { ...given, kinds });
          more(given, { ...given, cap: given.cap + cap, quotaVcpus: given.quotaVcpus + quota });
        },
      ),
    );
  });

  it("are never more for runs that wait or are under way, or for a more careful chance", () => {
    fc.assert(
      fc.property(oneKind, fc.nat(20), fc.nat(20), (given, waiting, underWay) => {
        const kinds = given.kinds.map((kind) => ({
          ...kind,
          waiting: kind.waiting + waiting,
          underWay: kind.underWay + underWay,
        }));
        more({ ...given, kinds }, given);
        more({ ...given, settings: { ...given.settings, leastChance: 0.3 } }, given);
      }),
    );
  });

  it("do not depend on the order in which deadlines and kinds are named", () => {
    fc.assert(
      fc.property(anyInput, (given) => {
        const turned = { ...given, deadlines: given.deadlines.toReversed(), kinds: given.kinds.toReversed() };
        const counts = (one: CapacityInput) =>
          planCapacity(one).hold.map(({ kind, machines }) => [kind, machines]);
        expect(counts(turned)).toEqual(counts(given));
      }),
    );
  });
});

describe("the plan of an evening before a deadline", () => {
  it("rises with the curve before the surge, follows it, and ends with the deadline", () => {
    const { coming } = planCapacity(input({ deadlines: [dueIn(8 * 3600, { handedIn: 60 })] }));
    const at = (seconds: number) =>
      coming.find(({ from, until }) => from <= later(seconds) && later(seconds) < until)?.machines;
    expect(at(0)).toBe(0);
    expect(at(5 * 3600)).toBe(1);
    expect(at(7.4 * 3600)).toBeGreaterThan(at(5 * 3600) ?? Number.NaN);
    expect(at(8 * 3600)).toBe(0);
    expect(at(20 * 3600)).toBe(0);
  });

  it("has the machines there when the surge begins: they are asked for a boot time before", () => {
    // Ten minutes of the deadline's last hour are the steepest.
    const bootSeconds = 300;
    const kinds = [{ ...engine, bootSeconds }];
    const ahead = (seconds: number) => held({ kinds, deadlines: [dueIn(3600 + seconds)] }) ?? Number.NaN;
    expect(ahead(bootSeconds)).toBeGreaterThan(ahead(2 * bootSeconds));
  });

  it("counts students with an extension at their own instant", () => {
    const deadlines = [dueIn(-1, { students: 190 }), dueIn(1800, { students: 60, handedIn: 0 })];
    expect(held({ deadlines })).toBeGreaterThan(0);
    expect(held({ deadlines: deadlines.slice(0, 1) })).toBe(0);
  });

  it("holds none for a class that has handed in, and none for one without students", () => {
    expect(held({ deadlines: [dueIn(1800, { handedIn: 200 })] })).toBe(0);
    expect(held({ deadlines: [dueIn(1800, { handedIn: 999 })] })).toBe(0);
    expect(held({ deadlines: [dueIn(1800, { students: 0, handedIn: 0 })] })).toBe(0);
  });

  it("expects of a class in which many never hand in no more than of one that goes by the curve", () => {
    const last = (handedIn: number) => held({ deadlines: [dueIn(60, { handedIn })] }) ?? Number.NaN;
    expect(last(0)).toBe(last(190));
    expect(last(0)).toBeLessThan(10);
  });
});

describe("the reasons that staff read", () => {
  const why = (one: Partial<CapacityInput>) => planCapacity(input(one)).hold[0]?.why;

  it("name the deadline, how far the class is and what is expected", () => {
    expect(why({ deadlines: [dueIn(1800), dueIn(86_400)] })).toBe(
      "Tutorial 7 is due in 30 minutes (100 of 200 have handed in), and 1 other deadline: about 3.8 runs are expected in the 75 seconds that a machine takes to start.",
    );
  });

  it("say what keeps the fleet from holding more", () => {
    expect(why({ deadlines: [dueIn(1800)], cap: 2 })).toMatch(
      /6 would be held, but the fleet's 2 places would be passed\.$/,
    );
    expect(why({ deadlines: [dueIn(1800)], quotaVcpus: 5 })).toMatch(
      /6 would be held, but the quota of 5 vCPUs would be passed\.$/,
    );
  });

  it("say that nothing is held, and what runs get that wait", () => {
    expect(why({})).toBe("Few runs are expected soon, so a machine is started when one comes.");
    expect(why({ kinds: [{ ...engine, waiting: 3 }] })).toBe(
      "3 runs wait and a machine is started for each; few others are expected soon.",
    );
  });
});
