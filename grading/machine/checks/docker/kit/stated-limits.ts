import type { CheckVerdict } from "../../kit/define-check.ts";
import { listHandedIn, readStudentText } from "../../kit/files/student-file.ts";
import { parseLimits, type StatedLimits } from "./parse-limits.ts";

const maxBytes = 64 * 1024;
/** The least memory that Docker gives a container. */
const leastMemory = 6 * 1024 ** 2;
/** What the machine has; more cannot be tested, less not be set. */
export const mostCpus = 2;
const leastCpus = 0.01;

export type Limits = StatedLimits & { file: string };

export const noneStated: Limits = { memory: null, cpus: null, file: "" };

/** The limits that the student states in a file, or the verdict when it cannot be used. */
export async function readLimits(submissionDir: string, file: string): Promise<Limits | CheckVerdict> {
  const failed = (happened: string, fix: string): CheckVerdict => ({
    verdict: "failed",
    message: {
      expected: `${file} states the container's limits, such as MEMORY=64m and CPUS=0.5.`,
      happened,
      fix,
    },
  });
  const read = await readStudentText(submissionDir, file, maxBytes);
  if (read.outcome !== "ok")
    return failed(
      read.outcome === "missing"
        ? `There is no file ${file}; the submission's root has ${await listHandedIn(submissionDir)}.`
        : `${file} is larger than 64 KiB.`,
      `Add ${file} with the lines MEMORY=… and CPUS=….`,
    );
  const parsed = parseLimits(read.text);
  if (parsed.outcome === "invalid")
    return failed(`${file}: ${parsed.problem}.`, "Write it as for docker run --memory or --cpus.");
  const { memory, cpus } = parsed.limits;
  if (memory && memory.value < leastMemory)
    return failed(`${file} states MEMORY=${memory.text}.`, "Docker gives a container no less than 6m.");
  if (cpus && (cpus.value > mostCpus || cpus.value < leastCpus))
    return failed(`${file} states CPUS=${cpus.text}.`, `State from ${leastCpus} to ${mostCpus} CPUs.`);
  return { ...parsed.limits, file };
}

/** The limits for the sandbox; what is not stated stays the sandbox's own. */
export const asUse = ({ memory, cpus }: Limits) => ({
  ...(memory ? { memoryBytes: memory.value } : {}),
  ...(cpus ? { cpus: cpus.value } : {}),
});
