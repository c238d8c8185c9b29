import type { Db } from "#infra/db/connection/client.ts";
import type { FleetStore } from "#infra/db/machines/fleet-store.ts";
import type { Log } from "#infra/telemetry/logger.ts";

const key = { action: "database.owner", subject: "database:role" } as const;

/**
 * Tells staff where the site works by a role that could switch off the rules of its own database: one hole in the
 * site would then be one in every grade and in the audit.
 */
export async function checkDatabaseRole(
  db: Db,
  store: Pick<FleetStore, "tellStaff" | "settleNotice">,
  log: Log,
): Promise<void> {
  const [role] = await db.$queryRaw<{ name: string; mighty: boolean }[]>`
    SELECT r.rolname AS name, r.rolsuper OR pg_has_role(r.oid, c.relowner, 'MEMBER') AS mighty
    FROM pg_roles r, pg_class c
    WHERE r.rolname = current_user AND c.oid = 'audit_entry'::regclass`;
  if (role?.mighty !== true) return store.settleNotice(key);
  const reason = `Drydock works in its database as ${role.name}, which may change tables and switch off rules: give the site a role of its own (docs/operating.md).`;
  log.warn({ role: role.name }, reason);
  await store.tellStaff({ ...key, reason });
}
