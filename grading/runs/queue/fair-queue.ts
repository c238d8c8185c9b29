/** A queued run as fairness sees it. */
export interface WaitingRun {
  id: string;
  student: string;
  /** For which its submission was handed in; nothing: for the student alone. */
  team?: string | null;
  exercise: string;
  /** Of its submission: 1 for the first of the student, or of the team, to this exercise. */
  number: number;
  /** The greatest number of this student's, or this team's, submissions to this exercise that were not cancelled. */
  newest: number;
  /** Staff asked for it. */
  byStaff: boolean;
  queuedAt: Date;
  /** 1 unless it had its turn and lost its machine, or got none. */
  attempt: number;
  /** When a run of this student was last claimed; null: never. */
  servedAt: Date | null;
}

/** Whose run it is, and of what: of these at most one is under way. */
export type Holder = Pick<WaitingRun, "student" | "team" | "exercise">;

/** Two workers' clocks may differ by this much. */
const clocksDifferMs = 5_000;

/**
 * When a student had their last turn, as it is stored. One that lies ahead is from before the clock was set back: it
 * says nothing, or the student would wait behind every run of the others until the clock has caught up.
 */
export function turnAt(servedAt: Date | null, now: Date): Date | null {
  return servedAt !== null && servedAt.getTime() - now.getTime() > clocksDifferMs ? null : servedAt;
}

/** A newer submission decides the grade, so this one is graded when nothing else waits. What staff ask for is not. */
export function isSuperseded(run: Pick<WaitingRun, "number" | "newest" | "byStaff">): boolean {
  return !run.byStaff && run.number < run.newest;
}

/**
 * So often does a run that lost its machine, or got none, go before all turns; then it takes its turn like others. What
 * never gets a machine must not keep everybody else from one.
 */
const mostAgain = 2;

const goesAgain = ({ attempt }: WaitingRun) => attempt > 1 && attempt <= 1 + mostAgain;

interface Line<Run> {
  /** When the student was served last, 0 for never; null since a run of theirs was taken from this queue. */
  turn: number | null;
  /** What staff asked for, then the newest submission of each exercise. */
  current: Run[];
  superseded: Run[];
}

/**
 * The order in which queued runs start. First those that had their turn and lost their machine; then one of each
 * student in turn, who was served longest ago first; and superseded ones when no other may start. A student has at
 * most one run of an exercise under way, and so has a team. So nobody waits for more than one run of each other student.
 */
export class FairQueue<Run extends WaitingRun = WaitingRun> {
  readonly #again: Run[];
  /** In the order of their turns. */
  readonly #lines: Map<string, Line<Run>>;
  readonly #underWay = new Map<string, number>();

  constructor(waiting: readonly Run[], underWay: readonly Holder[]) {
    this.#again = waiting.filter(goesAgain).sort(oldestFirst);
    this.#lines = intoLines(waiting.filter((run) => !goesAgain(run)));
    for (const holder of underWay) this.#count(holder, 1);
  }

  /**
   * Takes the run that starts next out of the queue; it is under way from now on. null: none may start.
   * able: whether there can be a machine for it.
   */
  take(able: (run: Run) => boolean = () => true): Run | null {
    const fits = (run: Run) => this.#mayStart(run) && able(run);
    const run =
      takeFrom(this.#again, fits) ??
      this.#takeInTurn("current", fits) ??
      this.#takeInTurn("superseded", fits);
    if (run === null) return null;
    this.#count(run, 1);
    this.#toTheEnd(run.student);
    return run;
  }

  /** One that was under way is no more. */
  end(holder: Holder): void {
    this.#count(holder, -1);
  }

  /** Of students who were served at the same time, or never, who waits longest with a run that may start now. */
  #takeInTurn(part: "current" | "superseded", fits: (run: Run) => boolean): Run | null {
    let first: { line: Line<Run>; oldest: Run } | null = null;
    for (const line of this.#lines.values()) {
      if (first !== null && (line.turn === null || line.turn !== first.line.turn)) break;
      const [oldest] = line[part].filter(fits).sort(oldestFirst);
      if (oldest !== undefined && (first === null || oldestFirst(oldest, first.oldest) < 0))
        first = { line, oldest };
    }
    return first === null ? null : takeFrom(first.line[part], fits);
  }

  #mayStart(run: Holder): boolean {
    return (this.#underWay.get(keyOf(run)) ?? 0) === 0;
  }

  #count(holder: Holder, change: 1 | -1): void {
    const key = keyOf(holder);
    this.#underWay.set(key, (this.#underWay.get(key) ?? 0) + change);
  }

  #toTheEnd(student: string): void {
    const line = this.#lines.get(student);
    this.#lines.delete(student);
    if (line && line.current.length + line.superseded.length > 0)
      this.#lines.set(student, { ...line, turn: null });
  }
}

function takeFrom<Run>(runs: Run[], fits: (run: Run) => boolean): Run | null {
  const index = runs.findIndex(fits);
  return index === -1 ? null : (runs.splice(index, 1)[0] ?? null);
}

function intoLines<Run extends WaitingRun>(waiting: Run[]): Map<string, Line<Run>> {
  const lines = new Map<string, Line<Run>>();
  for (const run of [...waiting].sort(servedLongestAgoFirst)) {
    const turn = run.servedAt?.getTime() ?? 0;
    const line: Line<Run> = lines.get(run.student) ?? { turn, current: [], superseded: [] };
    line[isSuperseded(run) ? "superseded" : "current"].push(run);
    lines.set(run.student, line);
  }
  for (const line of lines.values()) {
    line.current.sort((a, b) => Number(b.byStaff) - Number(a.byStaff) || withinStudent(a, b));
    line.superseded = byNumber(line.superseded.sort(newestFirst));
  }
  return lines;
}

/**
 * Of one exercise the newest submission first, whenever its run was asked for: a rerun of an old one decides no grade
 * either. Exercises keep the places that they have in the order given.
 */
function byNumber<Run extends WaitingRun>(runs: Run[]): Run[] {
  const ofExercise = new Map<string, Run[]>();
  for (const run of runs) ofExercise.set(run.exercise, [...(ofExercise.get(run.exercise) ?? []), run]);
  for (const own of ofExercise.values()) own.sort((a, b) => b.number - a.number);
  return runs.map((run) => ofExercise.get(run.exercise)?.shift() ?? run);
}

/** What staff asked for first is first, so that none of it waits for ever behind new submissions. */
const withinStudent = (a: WaitingRun, b: WaitingRun) => (a.byStaff ? oldestFirst(a, b) : newestFirst(a, b));
const keyOf = ({ student, team, exercise }: Holder) => `${team ?? student} ${exercise}`;
const oldestFirst = (a: WaitingRun, b: WaitingRun) =>
  a.queuedAt.getTime() - b.queuedAt.getTime() || byText(a.id, b.id);
const newestFirst = (a: WaitingRun, b: WaitingRun) => oldestFirst(b, a);
const servedLongestAgoFirst = (a: WaitingRun, b: WaitingRun) =>
  (a.servedAt?.getTime() ?? 0) - (b.servedAt?.getTime() ?? 0) || oldestFirst(a, b);
const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
