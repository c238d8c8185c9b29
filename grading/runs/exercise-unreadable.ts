import { specUnreadable } from "../exercises/spec/stored-spec.ts";
import type { RunSignal } from "./run-state.ts";

/** The run ends: no other machine would read its exercise either. why: for staff. */
export const exerciseUnreadable = (attempt: number, why: string): RunSignal => ({
  type: "exercise-fault",
  attempt,
  reason: specUnreadable,
  staffReason: why,
});
