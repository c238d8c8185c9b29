import { z } from "zod";
import { describeLatePolicy, storedLatePolicy } from "#course/deadlines/late-policy.ts";
import { storedKind } from "#course/stored-json.ts";

/** A value of an audit entry: an instant, of a beginning or an end, as pages show such; null is no value at all. */
export type ChangedValue =
  | { text: string }
  | { iso: string }
  | { endIso: string }
  | { seconds: number }
  | null;

export interface DescribedChange {
  what: string;
  /** Whom it is about; null when it is about everybody. */
  studentId: string | null;
  /** What differs, in the order in which it was written. */
  changes: { name: string; before: ChangedValue; after: ChangedValue }[];
}

const words: Record<string, string> = {
  "extension.granted": "Extension granted",
  "extension.replaced": "Extension replaced",
  "extension.ended": "Extension ended",
  "grace.set-by-staff": "Grace set by staff",
  "grace.back-to-file": "Grace back to the course's file",
  "team.member-added": "Put into a team by staff",
  "team.member-removed": "Taken out of a team by staff",
  "team.unlocked": "Team unlocked by staff",
  "assignment.changed": "Changed by the course's file",
};

/** Fields whose names say too little, and those that pages have no use for. */
const fieldNames: Record<string, string> = {
  dueAt: "due",
  stated: "as typed",
  graceSeconds: "grace",
  releasedAt: "release",
  availableUntil: "available until",
  dueZone: "zone of the due date",
  latePolicy: "late work",
};
const leftOut = new Set(["student", "team", "staffGraceSeconds", "reason"]);

/** audit_entry.before and after: whatever was changed, by the names of its fields. */
export const storedChange = storedKind("audit entry", z.record(z.string(), z.unknown()).nullable());

/** An entry of the audit about an assignment, as people read it; one of an unknown kind is shown as it is. */
export function describeChange(entry: { action: string; before: unknown; after: unknown }): DescribedChange {
  const before = readChange(entry.before);
  const after = readChange(entry.after);
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const student = after.student ?? before.student;
  return {
    what: words[entry.action] ?? entry.action,
    studentId: typeof student === "string" ? student : null,
    changes: names
      .filter((name) => !leftOut.has(name))
      .filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
      .map((name) => ({
        name: fieldNames[name] ?? name,
        before: readValue(name, before[name]),
        after: readValue(name, after[name]),
      })),
  };
}

/** What is stored as something else than fields is shown as it is. */
function readChange(json: unknown): Record<string, unknown> {
  const change = storedChange.read(json ?? null);
  return change.outcome === "read" ? (change.value ?? {}) : { stored: json };
}

function readValue(name: string, value: unknown): ChangedValue {
  if (value === undefined || value === null) return null;
  if (name === "latePolicy") {
    const policy = storedLatePolicy.read(value);
    if (policy.outcome === "read") return { text: describeLatePolicy(policy.value) };
  }
  if (name === "graceSeconds" && typeof value === "number") return { seconds: value };
  const instant = z.iso.datetime().safeParse(value);
  if (instant.success) {
    const iso = new Date(instant.data).toISOString();
    return name === "releasedAt" ? { iso } : { endIso: iso };
  }
  return { text: typeof value === "object" ? JSON.stringify(value) : String(value) };
}
