import type { RunView } from "#app/_server/queries/run/run-view.ts";
import { courseWorth } from "#course/gradebook/course-worth.ts";
import { worthText } from "../format.ts";

/** "= 17.2 of 20 in the course": what the run's points come to there, before any deduction for lateness. */
export function RunWorth({ view: { run, share } }: { view: RunView }) {
  const worth = courseWorth({ points: run.score, of: run.maxScore }, share);
  if (worth === null || worth.points === null || run.maxScore === worth.of) return null;
  return <span className="num">= {worthText(worth)} in the course</span>;
}
