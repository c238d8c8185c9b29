"use client";

import type { FormState } from "#app/_server/actions/form-state.ts";
import { TextInput } from "../plain/field.tsx";

/** Every change of a deadline says why. */
export function ReasonField({ state }: { state: FormState }) {
  return (
    <TextInput
      name="reason"
      label="Why"
      description="Kept in the audit; only staff see it."
      maxLength={500}
      required
      withAsterisk
      autoComplete="off"
      defaultValue={state.typed.reason}
      key={state.typed.reason}
      error={state.problems.reason}
    />
  );
}
