"use client";

import { IconBan, IconFileDescription } from "@tabler/icons-react";
import type { RunMay } from "#app/_server/queries/run/run-page.ts";
import type { RunView } from "#app/_server/queries/run/run-view.ts";
import { exercisePath } from "#app/_ui/addresses.ts";
import { LinkButton } from "../page/links.tsx";
import { ConfirmedForm } from "./confirmed-form.tsx";
import { RerunForm } from "./rerun-form.tsx";
import classes from "./run-page.module.css";
import { Steady } from "./steady.tsx";
import { TellAtEnd } from "./tab/tell-at-end.tsx";
import { cancelOffer, mayRerun } from "./what-may.ts";

interface RunActionsProps {
  view: RunView;
  /** The reader handed the work in. */
  own: boolean;
  may: RunMay;
  staffHref: string | null;
  /** The tab's. */
  title: string;
}

export function RunActions({ view, own, may, staffHref, title }: RunActionsProps) {
  const { run, exercise, course, assignment, standing } = view;
  const whose = own ? "your" : `${view.student.name}'s`;
  // The server decides again; a run that became not gradable while the page was open is offered here already.
  const cancel = cancelOffer(may.cancel, run);
  const rerun = run.final && mayRerun(may.rerun, standing) && standing.underWay === null;
  return (
    <Steady className={classes.actions} wide>
      <LinkButton
        href={`/submissions/${run.submissionId}`}
        variant="default"
        leftSection={<IconFileDescription size={16} aria-hidden />}
      >
        Submission
      </LinkButton>
      {staffHref ? (
        <LinkButton href={staffHref} variant="default">
          Staff view
        </LinkButton>
      ) : null}
      {cancel !== "not offered" ? (
        <ConfirmedForm
          action={`/api/runs/${run.id}/cancel`}
          word="Cancel run"
          icon={<IconBan size={16} aria-hidden />}
          stay="Let it go on"
          danger
          unable={cancel === "too late" ? "Only a run that waits in the queue can be cancelled." : undefined}
          question={`Cancel ${whose} run of ${exercise.title}?`}
          consequence={cancelConsequence(view, may.cancel)}
        />
      ) : null}
      {rerun ? (
        <RerunForm
          runId={run.id}
          whose={whose}
          exercise={exercise.title}
          counted={(standing.counted ?? run).state}
          right={may.rerun}
          left={standing.studentRerunsLeft}
        />
      ) : null}
      {own && run.final && !rerun ? (
        <LinkButton
          href={exercisePath(course.slug, assignment.slug, exercise.slug)}
          // With all points there is nothing to gain by it.
          variant={run.score !== null && run.score === run.maxScore ? "default" : "filled"}
        >
          Submit again
        </LinkButton>
      ) : null}
      <TellAtEnd runId={run.id} final={run.final} title={title} />
    </Steady>
  );
}

function cancelConsequence({ run }: RunView, right: RunMay["cancel"]): string {
  if (!run.counts) return "Its machine is ended; the former result goes on to count.";
  if (right === "always") {
    return "Its machine is ended and the submission stays without a result until somebody runs it again.";
  }
  return "It leaves the queue and is not graded. What you handed in stays, with its receipt, but counts for nothing until you have it run again; the submission before it counts meanwhile, if there is one.";
}
