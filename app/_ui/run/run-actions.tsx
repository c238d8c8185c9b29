"use client";

import { IconBan, IconFileDescription } from "@tabler/icons-react";
import type { RunMay } from "#app/_server/queries/run/run-page.ts";
import type { RunView } from "#app/_server/queries/run/run-view.ts";
import { LinkButton } from "../page/links.tsx";
import { ConfirmedForm } from "./confirmed-form.tsx";
import { mayRerun } from "./may-rerun.ts";
import { RerunForm } from "./rerun-form.tsx";

interface RunActionsProps {
  view: RunView;
  /** The reader handed the work in. */
  own: boolean;
  may: RunMay;
  staffHref: string | null;
}

export function RunActions({ view, own, may, staffHref }: RunActionsProps) {
  const { run, exercise, course, assignment, standing } = view;
  const whose = own ? "your" : `${view.student.name}'s`;
  // The server decides again; a run that became not gradable while the page was open is offered here already.
  const rerun = run.final && mayRerun(may.rerun, standing) && standing.underWay === null;
  return (
    <>
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
      {may.cancel && !run.final ? (
        <ConfirmedForm
          action={`/api/runs/${run.id}/cancel`}
          word="Cancel run"
          icon={<IconBan size={16} aria-hidden />}
          stay="Let it go on"
          danger
          question={`Cancel ${whose} run of ${exercise.title}?`}
          consequence={
            run.counts
              ? "Its machine is ended and the submission stays without a result until somebody runs it again."
              : "Its machine is ended; the former result goes on to count."
          }
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
          href={`/courses/${course.slug}/${assignment.slug}/${exercise.slug}`}
          // With all points there is nothing to gain by it.
          variant={run.score !== null && run.score === run.maxScore ? "default" : "filled"}
        >
          Submit again
        </LinkButton>
      ) : null}
    </>
  );
}
