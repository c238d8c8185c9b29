"use client";

import { Button, Group, Modal, Text, TextInput } from "@mantine/core";
import { IconBan, IconFileDescription, IconRefresh } from "@tabler/icons-react";
import { useState } from "react";
import type { RunMay } from "#app/_server/queries/run-page.ts";
import type { RunView } from "#app/_server/queries/run-view.ts";
import { maxStudentReruns } from "#grading/runs/rerun-run.ts";
import { LinkButton } from "../page/links.tsx";

interface RunActionsProps {
  view: RunView;
  /** The reader handed the work in. */
  own: boolean;
  may: RunMay;
  staffHref: string | null;
}

export function RunActions({ view, own, may, staffHref }: RunActionsProps) {
  const { run, exercise, course, assignment } = view;
  const whose = own ? "your" : `${view.student.name}'s`;
  // The server decides again; a run that became not gradable while the page was open is offered here already.
  const rerun = run.final && mayRerun(view, may);
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
        <Confirmed
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
        <Confirmed
          action={`/api/runs/${run.id}/rerun`}
          word="Run again"
          icon={<IconRefresh size={16} aria-hidden />}
          stay="Leave it as it is"
          question={`Grade ${whose} submission to ${exercise.title} again?`}
          consequence={rerunWords(view, may)}
        />
      ) : null}
      {run.final && !rerun ? (
        <LinkButton href={`/courses/${course.slug}/${assignment.slug}/${exercise.slug}`}>
          Submit again
        </LinkButton>
      ) : null}
    </>
  );
}

function mayRerun({ standing }: RunView, may: RunMay): boolean {
  if (standing.underWay !== null || may.rerun === "never") return false;
  return may.rerun === "always" || (standing.studentRerunsLeft !== null && standing.noStudentRerun === null);
}

function rerunWords({ run, standing }: RunView, may: RunMay): string {
  const counted = standing.counted ?? run;
  const where = "It goes to a new machine with the current version of the exercise.";
  if (counted.state === "graded") return `${where} The result of now counts until the new run is graded.`;
  const left = standing.studentRerunsLeft ?? 0;
  if (may.rerun === "always") return `${where} The new run counts from now on.`;
  return `${where} The new run counts from now on. You may have one submission run again ${maxStudentReruns} times; this is ${left > 1 ? "the first" : "the last"}.`;
}

interface ConfirmedProps {
  action: string;
  word: string;
  /** What the button says that does nothing. */
  stay: string;
  danger?: boolean;
  icon: React.ReactNode;
  question: string;
  consequence: string;
}

/** A form that asks first. Without JavaScript the button posts at once. */
function Confirmed({ action, word, stay, danger, icon, question, consequence }: ConfirmedProps) {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <form
        method="post"
        action={action}
        onSubmit={(event) => {
          event.preventDefault();
          setAsking(true);
        }}
      >
        <Button type="submit" variant="default" leftSection={icon}>
          {word}
        </Button>
      </form>
      <Modal opened={asking} onClose={() => setAsking(false)} title={<b>{question}</b>} centered>
        <Text size="sm">{consequence}</Text>
        <form method="post" action={action}>
          <TextInput
            mt="sm"
            name="reason"
            label="Why (optional, kept in the audit)"
            maxLength={500}
            data-autofocus
            autoComplete="off"
          />
          <Group justify="flex-end" mt="md">
            <Button variant="default" onClick={() => setAsking(false)}>
              {stay}
            </Button>
            <Button type="submit" color={danger ? "red.9" : undefined}>
              {word}
            </Button>
          </Group>
        </form>
      </Modal>
    </>
  );
}
