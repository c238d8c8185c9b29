import type { RunView } from "#app/_server/queries/run/run-view.ts";
import { formatPoints } from "../../format.ts";
import { runWord } from "../run-word.ts";

/** What a tab, the history and a bookmark call the run's page: how it stands or went, and of what it is. */
export interface TitledRun {
  run: Pick<RunView["run"], "state" | "score" | "maxScore" | "number">;
  road: Pick<RunView["road"], "kubernetesReadyAt">;
  kubernetes: RunView["kubernetes"];
  exercise: Pick<RunView["exercise"], "slug">;
  standing: Pick<RunView["standing"], "runs">;
}

/** Such as "100 of 100 · docker-containers no. 3". number: the submission's; student: null where it is the reader's own. */
export function runTitle(view: TitledRun, number: number, student: string | null): string {
  return [runResult(view), `${view.exercise.slug} no. ${number}${whichRun(view)}`, student]
    .filter(Boolean)
    .join(" · ");
}

/** The result where there is one, else the state: "25 of 100", "Grading". */
export function runResult(view: TitledRun): string {
  const { score, maxScore } = view.run;
  if (score === null) return runWord(view);
  return maxScore === null ? formatPoints(score) : `${formatPoints(score)} of ${formatPoints(maxScore)}`;
}

/** The page's own heading. */
export function runHeading(view: TitledRun, number: number, student: string | null): string {
  const by = student === null ? "" : `, by ${student}`;
  const which = view.standing.runs > 1 ? `Run ${view.run.number}` : "Run";
  return `${which} of ${view.exercise.slug}, submission ${number}${by}`;
}

const whichRun = ({ run, standing }: TitledRun) => (standing.runs > 1 ? `, run ${run.number}` : "");
