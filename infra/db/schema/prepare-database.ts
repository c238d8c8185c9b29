import type { Config } from "#infra/config/config.ts";
import type { EmbeddedPostgres } from "../embedded.ts";
import { migrate } from "./migrate.ts";

/**
 * Brings the database to this version's schema by its owner and gives the site's role its rights; the address by which
 * the site works from then on. postgres: the embedded one, null where a server is configured.
 */
export async function prepareDatabase(
  config: Pick<Config, "databaseUrl" | "ownerDatabaseUrl">,
  postgres: EmbeddedPostgres | null,
): Promise<string> {
  if (postgres !== null) {
    await migrate(postgres.url, postgres.site);
    return postgres.siteUrl;
  }
  const { databaseUrl, ownerDatabaseUrl } = config;
  if (databaseUrl === null) throw new Error("There is no database to prepare.");
  if (ownerDatabaseUrl === null) await migrate(databaseUrl);
  else
    await migrate(ownerDatabaseUrl, {
      name: decodeURIComponent(new URL(databaseUrl).username),
      password: null,
    });
  return databaseUrl;
}
