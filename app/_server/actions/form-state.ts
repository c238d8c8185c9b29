import type { Drawn } from "#app/_ui/announcements/drawn-text.ts";

/** What a form shows after it was sent and not taken: one sentence for all of it, one beside a field, what was typed. */
export interface FormState {
  error: string | null;
  /** By the field's name. */
  problems: Partial<Record<string, string>>;
  /** By the field's name; empty before the first try. */
  typed: Partial<Record<string, string>>;
  /** What was typed as pages would draw it, where that was asked for. */
  drawn?: Drawn[];
}

export const untouchedForm: FormState = { error: null, problems: {}, typed: {} };

/** For action()'s `failed`. */
export function failedForm(error: { message: string }, form: FormData): FormState {
  return { error: error.message, problems: {}, typed: typedIn(form) };
}

/** For the expected outcome "refused": each problem goes beside its field, one without a field of the form above all. */
export function refusedForm(
  problems: readonly { field: string; message: string }[],
  typed: Record<string, string>,
): FormState {
  const elsewhere = problems.filter(({ field }) => !(field in typed)).map(({ message }) => message);
  return {
    error: elsewhere.length > 0 ? elsewhere.join(" ") : null,
    problems: Object.fromEntries(problems.map(({ field, message }) => [field, message])),
    typed,
  };
}

/** React's own hidden fields begin with a dollar sign. */
function typedIn(form: FormData): Record<string, string> {
  const texts = [...form].filter(
    (entry): entry is [string, string] => typeof entry[1] === "string" && !entry[0].startsWith("$"),
  );
  return Object.fromEntries(texts);
}
