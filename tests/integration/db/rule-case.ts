/** What the cases change; see tests/support/seed.ts. */
export interface SeededIds {
  taId: string;
}

/** rule: the constraint, index or trigger that must refuse; what: in words; then the statements, in plain SQL. */
export type RuleCase = [rule: string, what: string, statements: (ids: SeededIds) => string[]];

/** A sha256 in form. */
export const hash = (letter: string) => letter.repeat(64);
export const set = (table: string, what: string) => `UPDATE "${table}" SET ${what}`;
/** Makes the run graded with all that this asks for, but for `changed`: only the rule under test can refuse. */
export function grade(changed: Record<string, string> = {}): string {
  const columns = {
    ...{ state: "'graded'", finished_at: "now()", score: "5", max_score: "20", claimed_at: "now()" },
    ...changed,
  };
  return set(
    "run",
    Object.entries(columns)
      .map(([name, value]) => `${name} = ${value}`)
      .join(", "),
  );
}

/** A copy of the table's only row with some columns changed. */
export function copy(table: string, columns: Record<string, string>): string {
  const changed = Object.entries(columns).map(([name, value]) => `'${name}', ${value}`);
  return `INSERT INTO "${table}" SELECT (jsonb_populate_record(NULL::"${table}", to_jsonb(r) || jsonb_build_object(${changed.join(", ")}))).* FROM (SELECT * FROM "${table}" LIMIT 1) r`;
}
