import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { type Policy, policies } from "./fleet/hold.ts";
import { isSound } from "./report/figures.ts";
import { plotSvg } from "./report/plot.ts";
import { tableOf } from "./report/table.ts";
import { drawFor, type PolicyOrder, type PolicyReport } from "./run-policy.ts";
import type { Sample } from "./simulate.ts";

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
const semester = await drawFor(given);
const work = semester.works.find(({ slug }) => slug === shown);
if (work === undefined) throw new Error(`The course has no ${shown}.`);
const reports = await Promise.all(policies.map((policy) => inProcess({ ...given, policy })));
const figures = reports.map((report) => report.figures);
const samples = Object.fromEntries(reports.map((report) => [report.policy, report.samples]));
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
  process.stdout.write(`${JSON.stringify({ ...given, troubles: reports[0]?.troubles, figures })}\n`);
else process.stdout.write(`${tableOf(figures)}\nThe plot is in ${given.plot}.\n`);
for (const { defects } of reports) for (const defect of defects) process.stderr.write(`${defect}\n`);
process.exitCode = figures.every(isSound) ? 0 : 1;

/** In a process of its own, so that the policies share what processors there are. */
async function inProcess(order: PolicyOrder): Promise<PolicyReport> {
  const file = new URL("./run-policy.ts", import.meta.url);
  const child = fork(file, [JSON.stringify(order)], { execArgv: ["--import", "tsx"] });
  const ended = once(child, "exit").then(([code]) => {
    throw new Error(`The simulation of ${order.policy} ended with ${code} and no report.`);
  });
  const [report] = (await Promise.race([once(child, "message"), ended])) as [PolicyReport];
  // It ends after its report, which is no failure.
  ended.catch(() => undefined);
  process.stderr.write(`… ${order.policy} is through\n`);
  return report;
}

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
