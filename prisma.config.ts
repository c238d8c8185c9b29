import { defineConfig } from "prisma/config";

// The ordinary Prisma CLI reads this; Drydock's own migrator (infra/db) runs the same migrations.
export default defineConfig({ schema: "prisma/schema.prisma", migrations: { path: "prisma/migrations" } });
