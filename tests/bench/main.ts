import { measureBoot } from "./boot.ts";
import { measureClusterCapacity } from "./cluster-capacity.ts";
import { measureClusterGrading } from "./cluster-grading.ts";
import { measureClusterIdle } from "./cluster-idle.ts";
import { measureClusterPool } from "./cluster-pool.ts";
import { measureClusterStart } from "./cluster-start.ts";
import { measureGradingOverhead } from "./grading-overhead.ts";
import { interrupted, listenForInterrupts } from "./interrupt.ts";
import { measurePages } from "./pages/pages.ts";
import { measureQueue } from "./queue.ts";
import { measureSecondDemo } from "./second-demo.ts";
import { measureSite } from "./site.ts";
import { printTable, type Row } from "./table.ts";

/** `npm run bench [name …]`: the goals of speed and size, each with the figure measured here and now. */
const benches: Record<string, () => Promise<Row[]>> = {
  boot: measureBoot,
  grading: measureGradingOverhead,
  "cluster-start": measureClusterStart,
  "cluster-idle": measureClusterIdle,
  "cluster-pool": measureClusterPool,
  "cluster-grading": measureClusterGrading,
  "cluster-capacity": measureClusterCapacity,
  queue: measureQueue,
  pages: measurePages,
  site: measureSite,
  demo: measureSecondDemo,
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in benches));
if (unknown.length > 0) {
  process.stderr.write(
    `No bench is called ${unknown.join(", ")}. There are: ${Object.keys(benches).join(", ")}.\n`,
  );
  process.exit(2);
}
listenForInterrupts();
const rows: Row[] = [];
try {
  for (const [name, bench] of Object.entries(benches)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    process.stderr.write(`… ${name}\n`);
    rows.push(...(await bench()));
  }
} catch (error) {
  if (!interrupted.aborted) throw error;
}
if (rows.length > 0) printTable(rows);
// Goals of speed that are missed are shown, not failed: a busy machine is not a defect of the code.
const missed = rows.some((row) => row.exact === true && row.pass === false);
process.exit(interrupted.aborted ? 130 : missed ? 1 : 0);
