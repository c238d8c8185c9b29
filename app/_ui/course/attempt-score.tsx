import type { AttemptRow } from "#app/_server/queries/run/attempts.ts";
import { checksPoints, formatPoints, worthText } from "../format.ts";
import { Score } from "../state/score.tsx";
import classes from "./attempt-score.module.css";

type ScoredAttempt = Pick<AttemptRow, "lateness" | "points" | "worth"> & {
  run: { score: number | null; maxScore: number | null } | null;
};

/**
 * What an attempt scored, in the course's points, and beneath how it comes about: the points of its checks, and what
 * lateness takes. Where both numbers are the same, once.
 */
export function AttemptScore({ attempt }: { attempt: ScoredAttempt }) {
  const { run, lateness, points, worth } = attempt;
  const lost = lateness.penaltyPercent > 0 && points !== null ? ` − ${lateness.penaltyPercent}%` : "";
  const score = run?.score ?? null;
  const maxScore = run?.maxScore ?? null;
  if (worth === null || worth.points === null) {
    return (
      <>
        <Score score={score} maxScore={maxScore} />
        {lost && points !== null ? `${lost} = ${formatPoints(points)}` : ""}
      </>
    );
  }
  const same = lost === "" && maxScore === worth.of;
  return (
    <>
      <Score score={score} maxScore={maxScore}>
        {worthText(worth)}
      </Score>
      {same ? null : (
        <small className={classes.how}>
          {checksPoints({ score, maxScore })}
          {lost}
        </small>
      )}
    </>
  );
}
