"use client";

import { IconRefresh } from "@tabler/icons-react";
import type { RerunRight } from "#app/_server/queries/run/student-rerun.ts";
import { maxStudentReruns } from "#grading/runs/rerun-run.ts";
import type { RunState } from "#grading/runs/run-state.ts";
import { ConfirmedForm } from "./confirmed-form.tsx";

interface RerunFormProps {
  runId: string;
  /** Such as "your". */
  whose: string;
  exercise: string;
  /** The state of the run that counts. */
  counted: RunState;
  right: RerunRight;
  /** How often the student may still ask. */
  left: number | null;
}

/** Has a submission graded again, asked by name. */
export function RerunForm({ runId, whose, exercise, ...standing }: RerunFormProps) {
  return (
    <ConfirmedForm
      action={`/api/runs/${runId}/rerun`}
      word="Run again"
      icon={<IconRefresh size={16} aria-hidden />}
      stay="Leave it as it is"
      question={`Grade ${whose} submission to ${exercise} again?`}
      consequence={consequence(standing)}
    />
  );
}

function consequence({ counted, right, left }: Pick<RerunFormProps, "counted" | "right" | "left">): string {
  const where = "It goes to a new machine with the current version of the exercise.";
  if (counted === "graded") return `${where} The result of now counts until the new run is graded.`;
  if (right === "always") return `${where} The new run counts from now on.`;
  const which = (left ?? 0) > 1 ? "the first" : "the last";
  return `${where} The new run counts from now on. You may have one submission run again ${maxStudentReruns} times; this is ${which}.`;
}
