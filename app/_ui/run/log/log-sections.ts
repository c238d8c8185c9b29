import type { RunView } from "#app/_server/queries/run/run-view.ts";
import { groupLines, type Log, type LogGroup } from "./log-store.ts";

/** One part of the log as it is shown: what a check wrote, or the machine itself, in one attempt. */
export interface LogSection {
  /** Of its element, and what comes after # in its address. */
  id: string;
  attempt: number;
  check: string | null;
  title: string;
  /** null: of the machine, and of a check that an earlier attempt left unfinished. */
  state: "running_check" | "passed" | "failed" | "not_graded" | null;
  /** How long the check took; null until it finished. */
  seconds: number | null;
  /** null: nothing is known of it but how it ended. */
  group: LogGroup | null;
  lines: number;
  /** Of the attempt that decides; the ones before it were broken off. */
  ofLastAttempt: boolean;
}

/** The address of what a check wrote in the last attempt, as #…; null: of the machine's own lines. */
export const logHash = (check: string | null): string => `#${encodeURIComponent(sectionId(check, null))}`;

/** Goes to what a check wrote, or to the machine's own lines. */
export function showLogOf(check: string | null): void {
  const link = document.createElement("a");
  link.href = logHash(check);
  document.body.append(link);
  // As a link that was followed: also when the address names it already.
  link.click();
  link.remove();
}

const sectionId = (check: string | null, tryNumber: number | null): string =>
  `log-${tryNumber === null ? "" : `${tryNumber}-`}${check === null ? "machine" : `check-${check}`}`;

/**
 * The parts of a log in the order in which they are shown: attempt by attempt, in the order in which they began, so that
 * none moves when another begins. Of a log whose beginning is not here the machine's own lines come first, then the
 * checks in the exercise's order. A check that has begun or ended has its part, whether it wrote something or not.
 */
export function logSections(log: Log, view: Pick<RunView, "run" | "checks" | "attempts">): LogSection[] {
  const { attempt: last } = view.run;
  const attempts = [...new Set([...log.groups.map((group) => group.attempt), last])].sort((a, b) => a - b);
  return attempts.flatMap((attempt) => {
    const groups = log.groups.filter((group) => group.attempt === attempt);
    if (attempt !== last) return earlierAttempt(groups, attempt, view);
    const sections = lastAttempt(groups, view);
    if (log.missing > 0) return sections;
    const begun = ({ group }: LogSection) => (group === null ? groups.length : groups.indexOf(group));
    return sections.sort((a, b) => begun(a) - begun(b));
  });
}

function lastAttempt(groups: LogGroup[], { run, checks }: Pick<RunView, "run" | "checks">): LogSection[] {
  const common = { attempt: run.attempt, ofLastAttempt: true };
  const known = new Set<string | null>(checks.map((check) => check.id));
  const others = groups
    .filter((group) => !known.has(group.check))
    .map((group) => unlisted(group, common, null));
  const listed = checks.flatMap((check): LogSection[] => {
    const group = groups.find((one) => one.check === check.id) ?? null;
    if (group === null && check.progress === "waiting") return [];
    const seconds = check.durationMs ?? group?.durationMs ?? null;
    return [
      {
        ...common,
        id: sectionId(check.id, null),
        check: check.id,
        title: check.title,
        state: check.verdict ?? group?.verdict ?? (run.final ? null : "running_check"),
        seconds: seconds === null ? null : seconds / 1000,
        group,
        lines: group === null ? 0 : groupLines(group),
      },
    ];
  });
  return [...others.filter(isMachine), ...listed, ...others.filter((one) => !isMachine(one))];
}

function earlierAttempt(
  groups: LogGroup[],
  attempt: number,
  { checks, attempts }: Pick<RunView, "checks" | "attempts">,
): LogSection[] {
  const number = attempts.filter((one) => one.attempt < attempt && one.hadMachine).length + 1;
  return groups.map((group) => {
    const title = checks.find((check) => check.id === group.check)?.title ?? null;
    const common = { attempt, ofLastAttempt: false };
    const section = unlisted({ ...group, title: group.title ?? title }, common, number);
    return { ...section, title: `${section.title} (attempt ${number})`, group };
  });
}

/** What the exercise's list of checks does not name. */
function unlisted(
  group: LogGroup,
  common: Pick<LogSection, "attempt" | "ofLastAttempt">,
  tryNumber: number | null,
): LogSection {
  return {
    ...common,
    id: sectionId(group.check, tryNumber),
    check: group.check,
    title: group.check === null ? "Machine" : (group.title ?? group.check),
    state: group.verdict,
    seconds: group.durationMs === null ? null : group.durationMs / 1000,
    group,
    lines: groupLines(group),
  };
}

const isMachine = (section: LogSection) => section.check === null;

/** Whether a check wrote something in this attempt; null while that may still come. told: the log is whole. */
export function wroteLines(
  log: Log,
  { attempt, check }: { attempt: number; check: string },
  told: boolean,
): boolean | null {
  const group = log.groups.find((one) => one.attempt === attempt && one.check === check);
  if (group !== undefined && group.chunks.length > 0) return true;
  if (log.missing > 0) return null;
  return told || (group !== undefined && group.verdict !== null) ? false : null;
}

/** 1 line, 500,000 lines. */
export const linesWord = (count: number) => `${count.toLocaleString("en")} ${count === 1 ? "line" : "lines"}`;

/** When each attempt's log begins, by the clock of its machine: milliseconds since 1970. */
export function attemptStarts(log: Log): Map<number, number> {
  const starts = new Map<number, number>();
  for (const { attempt, startedAt } of log.groups) {
    starts.set(attempt, Math.min(startedAt, starts.get(attempt) ?? startedAt));
  }
  return starts;
}

/**
 * Whether a part is open until the reader says otherwise. While a run goes on all are; of one that was over when the
 * page was made (settled) those that tell what went wrong.
 */
export function opensByItself(
  section: Pick<LogSection, "check" | "state" | "ofLastAttempt">,
  run: { settled: boolean; graded: boolean; alone: boolean },
): boolean {
  if (!run.settled || run.alone) return true;
  if (!section.ofLastAttempt) return false;
  return section.check === null ? !run.graded : section.state !== "passed";
}
