import type { StaffFilter } from "#app/_server/queries/submission/staff-submissions.ts";

/** The address of the list with these filters; page 1 and empty filters stay out of it. */
export function staffAddress(base: string, filter: Partial<StaffFilter>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filter)) {
    if (value !== undefined && value !== "" && value !== 1) query.set(name, String(value));
  }
  const text = query.toString();
  return text === "" ? base : `${base}?${text}`;
}
