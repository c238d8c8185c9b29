import type { StaffAssignmentView } from "#app/_server/queries/course/staff-assignment.ts";
import { formatSpan } from "../../format.ts";
import { News } from "../../page/news.tsx";
import { Notice } from "../../page/notice.tsx";
import type { DeadlineRequest } from "./deadline-request.ts";
import classes from "./deadlines.module.css";

interface DeadlineNewsProps {
  request: DeadlineRequest;
  view: StaffAssignmentView;
  /** The newest change of the assignment: one more of the same words is news as well. */
  change: string | undefined;
}

/** What was just done, as it stands now; nothing when somebody has changed it since. */
export function DeadlineNews({ request, view, change }: DeadlineNewsProps) {
  const sentence = sentenceOf(request, view);
  if (sentence === null) return null;
  return (
    <News key={change} className={classes.news} parameter="done">
      <Notice tone="ok" announce>
        {sentence}
      </Notice>
    </News>
  );
}

function sentenceOf({ done, student }: DeadlineRequest, view: StaffAssignmentView): string | null {
  if (done === "grace") {
    const { inForce } = view.grace;
    return inForce === 0 ? "There is no grace now." : `The grace is ${formatSpan(inForce)} now.`;
  }
  if (done === "dates") {
    const { due } = view.deadline;
    return due === null
      ? "The dates are changed. There is no due date now."
      : `The dates are changed. It is due ${due.said} now.`;
  }
  if (done === "same-dates") return "These dates stood already; nothing was changed.";
  const person = view.people.find((one) => one.userId === student);
  const extension = view.extensions.find((one) => one.student.userId === student);
  if (done === "granted" && person && extension) {
    return `${person.name} now has until ${extension.due.said}.`;
  }
  if (done === "ended" && person && !extension) {
    return `The extension of ${person.name} has ended; the assignment's own deadline applies again.`;
  }
  return null;
}
