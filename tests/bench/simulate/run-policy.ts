import path from "node:path";
import type { Policy } from "./fleet/hold.ts";
import { figuresOf, type PolicyFigures } from "./report/figures.ts";
import { type Sample, simulate } from "./simulate.ts";
import { drawSemester, readWorks, type Semester } from "./world/coursework.ts";
import { Random } from "./world/random.ts";
import type { Trouble } from "./world/weather.ts";

export interface PolicyOrder {
  policy: Policy;
  seed: number;
  students: number;
  cap: number;
  quota: number;
  without: string[];
}

export interface PolicyReport {
  policy: Policy;
  figures: PolicyFigures;
  samples: Sample[];
  troubles: Trouble[];
  /** In words. */
  defects: string[];
}

/** The same for every policy of one seed. */
export async function drawFor({ seed, students }: Pick<PolicyOrder, "seed" | "students">): Promise<Semester> {
  const works = await readWorks(path.resolve("content"), "tcss562-f2024");
  return drawSemester(works, students, new Random(seed));
}

async function run(order: PolicyOrder): Promise<PolicyReport> {
  const { policy, seed, cap: fleetMax, quota: quotaVcpus, without } = order;
  const semester = await drawFor(order);
  const simulated = await simulate({ semester, policy, seed, fleetMax, quotaVcpus, without });
  const { samples, troubles, rows } = simulated;
  return { policy, figures: figuresOf(simulated), samples, troubles, defects: rows.defects.map(String) };
}

/** In a process of its own, which is given its order as JSON and sends its report. */
if (process.send !== undefined) process.send(await run(JSON.parse(process.argv[2] ?? "") as PolicyOrder));
