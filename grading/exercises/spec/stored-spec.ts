import { storedKind } from "#course/stored-json.ts";
import { exerciseSpec } from "./spec.ts";

/** exercise_version.spec: versions are kept for ever, so the schema may have moved on since. */
export const storedSpec = storedKind("exercise", exerciseSpec);

/** Why a run ends whose exercise cannot be read, as its student reads it. */
export const specUnreadable =
  "The stored exercise cannot be read by this version of Drydock; that is not your mistake.";
