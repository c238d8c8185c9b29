import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { type Policy, policies } from "./fleet/hold.ts";
import { figuresOf, isSound } from "./report/figures.ts";
import { plotSvg } from "./report/plot.ts";
import { tableOf } from "./report/table.ts";
import { type Sample, type Simulated, simulate } from "./simulate.ts";
import { drawSemester, readWorks } from "./world/coursework.ts";
import { Random } from "./world/random.ts";

/** `npm run fleet:simulate`: a semester under each policy. Exit code 1 when anything leaked or was lost. */
const plotFile = "docs/fleet-simulation.svg";
/** Whose last hours the plot shows. */
const shown = "tutorial-7";

const options = {
  seed: { type: "string", default: "1" },
  students: { type: "string", default: "200" },
  cap: { type: "string", default: "40" },
  quota: { type: "string", default: "80" },
  plot: { type: "string", default: plotFile },
  json: { type: "boolean", default: false },
  /** Such as lease-expiry,machine-timers: what is then missed. */
  without: { type: "string", default: "" },
} as const;

const given = readOptions();
const works = await readWorks(path.resolve("content"), "tcss562-f2024");
const semester = drawSemester(works, given.students, new Random(given.seed));
const simulations: Simulated[] = [];
for (const policy of policies) {
  process.stderr.write(`… ${policy}\n`);
  const { seed, cap: fleetMax, quota: quotaVcpus, without } = given;
  simulations.push(await simulate({ semester, policy, seed, fleetMax, quotaVcpus, without }));
}
const figures = simulations.map(figuresOf);
const work = works.find(({ slug }) => slug === shown);
if (work === undefined) throw new Error(`The course has no ${shown}.`);
const samples = Object.fromEntries(simulations.map((one) => [one.policy, one.samples]));
await mkdir(path.dirname(path.resolve(given.plot)), { recursive: true });
await writeFile(
  given.plot,
  plotSvg(
    {
      title: work.title,
      dueAt: work.dueAt,
      arrivals: semester.arrivals.map(({ at }) => at.getTime()),
      samples: samples as Record<Policy, Sample[]>,
    },
    figures,
  ),
);
if (given.json)
  process.stdout.write(`${JSON.stringify({ ...given, troubles: simulations[0]?.troubles, figures })}\n`);
else process.stdout.write(`${tableOf(figures)}\nThe plot is in ${given.plot}.\n`);
for (const { rows } of simulations) for (const defect of rows.defects) process.stderr.write(`${defect}\n`);
process.exitCode = figures.every(isSound) ? 0 : 1;

function readOptions() {
  try {
    const { values } = parseArgs({ options });
    const { plot, json } = values;
    const without = values.without.split(",").filter((name) => name !== "");
    const [seed, students, cap, quota] = (["seed", "students", "cap", "quota"] as const).map((name) => {
      const number = Number(values[name]);
      if (!Number.isInteger(number) || number < 1 || number > 100_000)
        throw new Error(`--${name} is a whole number from 1 to 100000, not ${values[name]}.`);
      return number;
    }) as [number, number, number, number];
    return { seed, students, cap, quota, plot, json, without };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    process.exit(2);
  }
}
