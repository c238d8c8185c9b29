import type { ExercisePageView } from "#app/_server/queries/course/exercise-page.ts";
import { replacedByNext } from "#course/gradebook/replaced-by-next.ts";
import { formatsInWords, type TakenWork } from "#grading/submissions/taken-work.ts";
import { TextLink } from "../page/links.tsx";
import { Notice } from "../page/notice.tsx";
import type { Zones } from "../time/zoned-time.tsx";
import { UploadPanel } from "../upload/upload-panel.tsx";
import classes from "./exercise-view.module.css";

interface HandInProps {
  view: ExercisePageView;
  /** course/assignment/exercise */
  path: string;
  /** Of the assignment. */
  page: string;
  formKey: string;
  person: string;
  zones: Zones;
}

/** For whom, and the files; or why nothing is taken. */
export function HandIn({ page, ...props }: HandInProps) {
  return (
    <>
      <ForWhom view={props.view} page={page} />
      <Upload {...props} />
    </>
  );
}

function Upload({ view, path, formKey, person, zones }: Omit<HandInProps, "page">) {
  const { takes, deadline } = view;
  if (view.unreadable) {
    return (
      <Notice tone="warn">
        This exercise cannot be read by this version of Drydock, so nothing can be handed in. Tell the staff
        of your course: loading the course again mends it.
      </Notice>
    );
  }
  if (!takes) {
    return <Notice tone="warn">This exercise is not published yet, so nothing can be handed in.</Notice>;
  }
  if (deadline.status === "closed" || deadline.status === "not-released") {
    const word = deadline.status === "closed" ? "The deadline has passed" : "This exercise is not open yet";
    return (
      <Notice tone="warn">
        {word}, so nothing is taken. {deadline.latePolicy} If there is a reason, ask staff for an extension.
      </Notice>
    );
  }
  return (
    <UploadPanel
      exercise={path}
      requiredFiles={takes.requiredFiles}
      asked={view.collected ? askedFor(takes) : null}
      limits={takes.limits}
      person={person}
      tooFast={view.tooFast}
      replaces={replacedByNext(view.attempts)}
      formKey={formKey}
      zones={zones}
    />
  );
}

/** For whom it is handed in, before it is. */
function ForWhom({ view: { team, attempts }, page }: Pick<HandInProps, "view" | "page">) {
  if (team === null) return null;
  const { others, least, locked } = team;
  const fixed = locked || attempts.length > 0;
  return (
    <p className={classes.whom}>
      {others.length === 0
        ? `You hand this in alone.${least > 1 ? ` It takes at least ${least} together.` : ""}`
        : `You hand this in for your team with ${others.join(", ")}. It counts for each by their own deadline.`}{" "}
      {fixed ? "" : "Your first submission fixes it: after that only staff change a team. "}
      <TextLink href={`${page}#team`}>Your team</TextLink>
    </p>
  );
}

function askedFor({ formats }: TakenWork): string {
  return formats
    ? `Hand in ${formatsInWords(formats)} with all of your files.`
    : "Hand in any files, such as one PDF; several are kept together.";
}
