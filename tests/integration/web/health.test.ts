import { afterAll, beforeAll, expect, test } from "vitest";
import { createDb } from "#infra/db/connection/client.ts";
import { call } from "#tests/e2e/support/people.ts";
import { startWeb, type TestWeb } from "#tests/e2e/support/start-web.ts";

let web: TestWeb;
beforeAll(async () => {
  web = await startWeb();
});
afterAll(() => web?.stop());

const health = async () => {
  const answer = await call(web, null, "/api/health");
  return { status: answer.status, body: await answer.json() };
};

test("health tells the version and that database and migrations are there", async () => {
  expect(await health()).toEqual({
    status: 200,
    body: { status: "ok", version: "0.1.0", database: "reachable", migrations: "applied" },
  });
});

test("a migration that is not applied makes it unavailable, until it is", async () => {
  const { db } = web.database;
  const [last] = await db.$queryRaw<{ id: string }[]>`
    SELECT id FROM _prisma_migrations ORDER BY migration_name DESC LIMIT 1`;
  await db.$executeRaw`UPDATE _prisma_migrations SET rolled_back_at = now() WHERE id = ${last?.id}`;
  expect(await health()).toMatchObject({ status: 503, body: { migrations: "pending" } });
  await db.$executeRaw`UPDATE _prisma_migrations SET rolled_back_at = NULL WHERE id = ${last?.id}`;
  expect((await health()).status).toBe(200);
});

test("the published keys hold no private part, and the schema of exercises is one", async () => {
  const jwks = (await (await call(web, null, "/.well-known/jwks.json")).json()) as { keys: object[] };
  expect(jwks.keys.map((key) => Object.keys(key).sort())).toEqual([["alg", "crv", "kid", "kty", "use", "x"]]);
  const schema = await (await call(web, null, "/schemas/exercise.json")).json();
  expect(schema).toMatchObject({ $schema: "https://json-schema.org/draft/2020-12/schema", type: "object" });
});

test("a database that is away makes it unavailable instead of failing", async () => {
  const url = new URL(web.database.url);
  const name = url.pathname.slice(1);
  url.pathname = "/postgres";
  const server = createDb(url.href);
  await server.$executeRawUnsafe(`ALTER DATABASE "${name}" ALLOW_CONNECTIONS false`);
  await server.$queryRaw`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ${name}`;
  await server.$disconnect();
  expect(await health()).toMatchObject({
    status: 503,
    body: { status: "unavailable", database: "unreachable", migrations: "unknown" },
  });
});
