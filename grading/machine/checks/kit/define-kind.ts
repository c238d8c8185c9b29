import type { z } from "zod";

export interface CheckUses {
  /** Files below hidden/ that must exist. */
  hiddenFiles?: string[];
  /** The docker/build check whose image is used; undefined inside means the exercise's only one. */
  build?: { id: string | undefined };
}

/** What everybody may know of a kind of check without what runs it: how exercise.yaml states it. */
export interface CheckKind<Settings extends z.ZodType = z.ZodType> {
  /** family/name, such as docker/build. */
  kind: string;
  /** One line for the exercise author. */
  summary: string;
  settings: Settings;
  /** Seconds a check of this kind may take unless the exercise says otherwise. */
  defaultTimeoutSeconds: number;
  /** Whose fault a passed time limit is: the student's, whose program runs, when left out. */
  timeLimitFault?: "platform";
  /** What the settings point at, for grading/exercises to look up when the exercise is read. */
  uses?(settings: z.output<Settings>): CheckUses;
}

/** Types a kind by its settings; a check's settings.ts exports one of these. */
export function defineKind<Settings extends z.ZodType>(kind: CheckKind<Settings>): CheckKind<Settings> {
  return kind;
}
