import { expect, test } from "vitest";
import type { Auth } from "#infra/auth/auth.ts";
import type { Db } from "#infra/db/connection/client.ts";
import { toHttpError } from "../http-errors.ts";
import { findActor } from "./actor.ts";

/** As better-auth ends when its database does: without a word of why. */
const failed = new Error("Failed to get session");
const auth = { api: { getSession: () => Promise.reject(failed) } } as unknown as Auth;
const askedOf = (query: () => Promise<unknown>) =>
  findActor({ auth, db: { $queryRaw: query } as unknown as Db }, new Headers()).catch(
    (error: unknown) => error,
  );

test("a session that cannot be read because the database is away is told as that, any other failure as itself", async () => {
  const away = Object.assign(new Error("Can't reach database server"), { code: "P1001" });
  const error = await askedOf(() => Promise.reject(away));
  expect(toHttpError(error, () => undefined, false)).toMatchObject({ status: 503, code: "database-away" });
  expect(await askedOf(async () => [])).toBe(failed);
});
