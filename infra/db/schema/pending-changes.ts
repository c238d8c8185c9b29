import { readDatamodel } from "./migration-files.ts";
import { withSchemaEngine } from "./schema-engine.ts";

const nothing = "-- This is an empty migration.";

/**
 * SQL that would bring the database at `url` to schema.prisma; null when it is there. Rules that Prisma cannot say,
 * such as check constraints and triggers, are none of its business.
 */
export async function pendingChanges(url: string): Promise<string | null> {
  const datamodel = await readDatamodel();
  const datamodels: [string, string][] = [[datamodel.path, datamodel.content]];
  const { stdout } = await withSchemaEngine(url, datamodels, (engine) =>
    engine.diff({
      from: { tag: "schemaDatasource", files: [datamodel], configDir: "" },
      to: { tag: "schemaDatamodel", files: [datamodel] },
      script: true,
      exitCode: null,
      filters: { externalTables: [], externalEnums: [] },
    }),
  );
  const sql = stdout?.trim() ?? "";
  return sql === "" || sql === nothing ? null : `${sql}\n`;
}
