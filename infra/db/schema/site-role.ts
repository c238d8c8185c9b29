import { createHmac } from "node:crypto";
import type pg from "pg";
import { AppError } from "#course/errors.ts";

/** What web and worker are in the database: they read and write rows, and can change nothing else. */
export interface SiteRole {
  name: string;
  /** null: the role is the operator's, and is there. */
  password: string | null;
}

const embeddedName = "drydock_site";

/** The site's role in the embedded Postgres. Its password follows from the owner's, and leads to no other. */
export function embeddedSiteRole(ownerPassword: string): SiteRole & { password: string } {
  const password = createHmac("sha256", ownerPassword).update(embeddedName).digest("base64url");
  return { name: embeddedName, password };
}

/** Tables whose rows stay as they were written, whatever a statement asks for; and those of whoever migrates. */
const appendOnly = ["audit_entry", "installation", "ledger_entry"];
const readOnly = ["_prisma_migrations"];
const schemas = ["public", "bullmq"];

/**
 * Makes the role where it is Drydock's to make, and gives it exactly what the site does: rows of every table, but not
 * what is kept for ever; no tables of its own, no triggers, no files and no programs of the server. Idempotent;
 * client is the owner's, and two must not do it at once. Throws AppError where the two are one role: what is taken from
 * the site would be taken from whoever migrates.
 */
export async function grantSite(client: pg.Client, role: SiteRole): Promise<void> {
  if (role.name === client.user) throw sameRole(role.name);
  const name = client.escapeIdentifier(role.name);
  const tables = (names: string[]) =>
    names.map((table) => `public.${client.escapeIdentifier(table)}`).join(", ");
  if (role.password !== null) await ensureRole(client, { ...role, password: role.password });
  const database = client.escapeIdentifier(client.database ?? "");
  const statements = [
    `REVOKE TEMPORARY ON DATABASE ${database} FROM PUBLIC`,
    "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
    `GRANT CONNECT ON DATABASE ${database} TO ${name}`,
    ...schemas.flatMap((schema) => [
      `GRANT USAGE ON SCHEMA ${schema} TO ${name}`,
      `REVOKE ALL ON ALL TABLES IN SCHEMA ${schema} FROM ${name}`,
      `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schema} TO ${name}`,
      `GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA ${schema} TO ${name}`,
    ]),
    `REVOKE UPDATE, DELETE ON ${tables(appendOnly)} FROM ${name}`,
    `REVOKE INSERT, UPDATE, DELETE ON ${tables(readOnly)} FROM ${name}`,
  ];
  // All or nothing: a site that runs meanwhile must never see a table without its rights.
  await client.query(`BEGIN; ${statements.join("; ")}; COMMIT`);
}

function sameRole(name: string): AppError {
  return new AppError({
    code: "database-roles-same",
    userMessage: `DATABASE_URL and DRYDOCK_OWNER_DATABASE_URL name one role (${name}): give the site a role of its own, as docs/operating.md says, or unset DRYDOCK_OWNER_DATABASE_URL.`,
  });
}

async function ensureRole(client: pg.Client, role: { name: string; password: string }): Promise<void> {
  const name = client.escapeIdentifier(role.name);
  const known = await client.query("SELECT 1 FROM pg_roles WHERE rolname = $1", [role.name]);
  const verb = known.rowCount === 0 ? "CREATE" : "ALTER";
  const rights = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS";
  await client
    .query(`${verb} ROLE ${name} ${rights} PASSWORD ${client.escapeLiteral(role.password)}`)
    .catch((error: { code?: string }) => {
      // Another database of the same server had it made in this instant: roles are the server's.
      if (error.code !== "42710" && error.code !== "23505") throw error;
    });
}
