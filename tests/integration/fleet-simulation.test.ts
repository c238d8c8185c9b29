import { beforeAll, describe, expect, it } from "vitest";
import type { Policy } from "#tests/bench/simulate/fleet/hold.ts";
import { figuresOf, isSound } from "#tests/bench/simulate/report/figures.ts";
import { plotSvg } from "#tests/bench/simulate/report/plot.ts";
import { type SimulationInput, simulate } from "#tests/bench/simulate/simulate.ts";
import { drawSemester, readWorks, type Semester, type Work } from "#tests/bench/simulate/world/coursework.ts";
import { Random } from "#tests/bench/simulate/world/random.ts";

// The short form of `npm run fleet:simulate`: two deadlines, one of them graded in a Kubernetes, and worse
// luck than usual.
let works: Work[];
let semester: Semester;

beforeAll(async () => {
  const all = await readWorks("content", "tcss562-f2024");
  works = all.filter(({ slug }) => slug === "tutorial-7" || slug === "kubernetes-lab-1");
  semester = drawSemester(works, 40, new Random(1));
});

/** Of the second deadline alone; what is lost is looked for until some hours after it. */
const lastHour = (): Semester => {
  const [, work] = works;
  const arrivals = semester.arrivals.filter(
    ({ at, dueAt }) => dueAt === work?.dueAt && +dueAt - +at < 3_600_000,
  );
  return { ...semester, arrivals };
};

const run = async (policy: Policy, others: Partial<SimulationInput> = {}) => {
  const odds = { endless: 0.04, silent: 0.04, interruption: 0.1, lostReply: 0.03, neverBoots: 0.02 };
  const simulated = await simulate({
    semester,
    policy,
    seed: 1,
    fleetMax: 12,
    quotaVcpus: 24,
    odds,
    ...others,
  });
  return { simulated, figures: figuresOf(simulated) };
};

describe("some weeks of a class on the fake provider", () => {
  it("leak nothing, lose nothing and grade each submission once, with machines held ready and without", async () => {
    const aware = await run("deadline-aware");
    const reactive = await run("reactive");
    for (const { simulated, figures } of [aware, reactive]) {
      expect(simulated.rows.defects).toEqual([]);
      expect(figures).toMatchObject({ secondsPastLease: 0, machinesLeft: 0, lostRuns: 0, gradedTwice: 0 });
      expect(figures.all.submissions + figures.notGradable).toBe(semester.arrivals.length);
      expect(isSound(figures)).toBe(true);
      // It was not fair weather.
      expect(figures.interrupted).toBeGreaterThan(0);
      expect(new Set(simulated.troubles.map(({ what }) => what)).size).toBe(3);
    }
    expect(aware.figures.idleHours).toBeGreaterThan(0);
    expect(reactive.figures.idleHours).toBe(0);

    const samples = {
      "deadline-aware": aware.simulated.samples,
      reactive: reactive.simulated.samples,
      flat: [],
    };
    const [work] = works;
    if (work === undefined) throw new Error("There is no work.");
    const svg = plotSvg({ ...work, arrivals: [], samples }, [aware.figures, reactive.figures]);
    expect(svg).toContain('<title id="fleet-title">');
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  });

  it("waits less for machines that are held ready, and pays little for it", async () => {
    const calm = { semester: lastHour(), odds: {}, troubles: [], fleetMax: 40, quotaVcpus: 80 };
    const [{ figures: aware }, { figures: reactive }] = [
      await run("deadline-aware", calm),
      await run("reactive", calm),
    ];
    expect(reactive.lastHour.p50).toBeGreaterThan(45);
    expect(aware.lastHour.p50).toBeLessThan(5);
    expect(aware.usd).toBeLessThan(1.5 * reactive.usd);
  });

  it("grades what piled up without capacity once there is some again, sooner where machines are held", async () => {
    const [work] = works;
    const due = work?.dueAt.getTime() ?? 0;
    const crowd = drawSemester(works, 150, new Random(1));
    const arrivals = crowd.arrivals.filter(({ at, dueAt }) => +dueAt === due && due - +at < 3_600_000);
    const drought = { what: "drought" as const, from: due - 2_400_000, until: due - 600_000 };
    const dry = {
      semester: { ...crowd, arrivals },
      odds: {},
      troubles: [drought],
      fleetMax: 40,
      quotaVcpus: 80,
    };
    const [aware, reactive] = [await run("deadline-aware", dry), await run("reactive", dry)];
    for (const { simulated } of [aware, reactive]) {
      // The longest pause between two launches, and a look at the queue.
      const asked = simulated.provider.lives().map(({ launchedAt }) => launchedAt.getTime() - drought.until);
      expect(Math.min(...asked.filter((after) => after > 0))).toBeLessThan(330_000);
    }
    expect(aware.figures.lastHour.p95).toBeLessThan(reactive.figures.lastHour.p95);
    expect(aware.figures.lastHour.p50).toBeLessThan(reactive.figures.lastHour.p50);
  });

  it("would show machines that live past their lease: none ends them where timers and the lease's loop are off", async () => {
    const { figures } = await run("reactive", {
      semester: lastHour(),
      without: ["machine-timers", "lease-expiry"],
      odds: { endless: 0.3 },
    });
    expect(figures.secondsPastLease).toBeGreaterThan(0);
    expect(isSound(figures)).toBe(false);
  });

  it("would show runs that are lost: nobody puts them back where interruptions are not looked for", async () => {
    const { figures } = await run("reactive", {
      semester: lastHour(),
      without: ["lost-machines", "heartbeat", "lease-expiry", "boot-timeout"],
    });
    expect(figures.lostRuns).toBeGreaterThan(0);
    expect(isSound(figures)).toBe(false);
  });
});
