import type { Services } from "../../services.ts";
import { type ChangedValue, describeChange } from "./describe-change.ts";

export interface AuditRow {
  id: string;
  at: string;
  /** null when the platform itself acted. */
  by: string | null;
  /** Extension granted */
  what: string;
  /** Whom it is about; null when it is about everybody. */
  student: string | null;
  changes: { name: string; before: ChangedValue; after: ChangedValue }[];
  reason: string;
}

export interface AuditPage {
  rows: AuditRow[];
  page: number;
  pages: number;
}

const pageSize = 25;

/** Everything that was changed about one assignment and its extensions, newest first, a page at a time. */
export async function listAssignmentAudit(
  { db }: Services,
  assignmentId: string,
  page: number,
): Promise<AuditPage> {
  const where = { subject: `assignment:${assignmentId}` };
  const [entries, total] = await Promise.all([
    db.auditEntry.findMany({
      where,
      orderBy: [{ at: "desc" }, { id: "desc" }],
      skip: (page - 1) * pageSize,
      take: pageSize,
      include: { user: { select: { name: true } } },
    }),
    db.auditEntry.count({ where }),
  ]);
  const described = entries.map((entry) => ({ entry, change: describeChange(entry) }));
  const names = await namesOf(
    db,
    described.flatMap(({ change }) => change.studentId ?? []),
  );
  return {
    rows: described.map(({ entry, change: { studentId, what, changes } }) => ({
      id: entry.id,
      at: entry.at.toISOString(),
      by: entry.user?.name ?? null,
      what,
      student: studentId === null ? null : (names.get(studentId) ?? studentId),
      changes,
      reason: entry.reason,
    })),
    page,
    pages: Math.max(1, Math.ceil(total / pageSize)),
  };
}

async function namesOf(db: Services["db"], userIds: string[]): Promise<Map<string, string>> {
  const users = await db.user.findMany({ where: { id: { in: userIds } }, select: { id: true, name: true } });
  return new Map(users.map(({ id, name }) => [id, name]));
}
