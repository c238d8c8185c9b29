/** What a class of some size needs at once and costs in a month; docs/aws.md says where the numbers come from. */
export interface ClassCaps {
  /** Machines at once in the busiest hour. */
  machines: number;
  /** Of spot, to be asked of AWS (quota L-34B43A08), and the same of on-demand (L-1216C47A). */
  vcpus: number;
  /** US dollars a month, above which somebody is told. */
  monthlyUsd: number;
}

/** Each student hands in five times, four tenths of it in the last hour; a machine is busy with each for 240 s. */
const busiest = { submissions: 5, inLastHour: 0.4, seconds: 240 };
const vcpusOfMachine = 2;

/** Students in the class, 1 to 2,000. */
export function capsFor(students: number): ClassCaps {
  const machines = Math.max(
    2,
    Math.ceil((students * busiest.submissions * busiest.inLastHour * busiest.seconds) / 3600),
  );
  // 10 for what is there without a submission and 10 cents a student: 25 gradings at 0.4 cents each.
  return { machines, vcpus: machines * vcpusOfMachine, monthlyUsd: Math.ceil(10 + students * 0.1) };
}
