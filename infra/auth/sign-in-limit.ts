import { createHash } from "node:crypto";
import { APIError, createAuthMiddleware } from "better-auth/api";
import type { BetterAuthPlugin } from "better-auth/types";
import type { Clock } from "#course/clock.ts";
import type { Db } from "#infra/db/client.ts";

const windowSeconds = 300;
/** Wrong passwords for one account within the window, from wherever they come: an address is easily changed. */
const triesPerAccount = 10;
/** A whole class may sign in from one address within minutes of a deadline. */
const triesPerAddress = 600;

/**
 * Slows password guessing. better-auth counts by address; this adds a count by account, in the same table. A try is
 * counted before the password is looked at, so that many at once cannot slip through; a right one clears the count.
 */
export function signInLimit(options: { db: Db; clock: Clock }): BetterAuthPlugin {
  const { db, clock } = options;
  const isSignIn = (path: string | undefined) => path === "/sign-in/email";
  return {
    id: "sign-in-limit",
    rateLimit: [{ pathMatcher: isSignIn, window: windowSeconds, max: triesPerAddress }],
    hooks: {
      before: [
        {
          matcher: (context) => isSignIn(context.path),
          handler: createAuthMiddleware(async (context) => {
            const key = keyOf(context.body?.email);
            if (key === null) return;
            const waitSeconds = await countTry(db, key, clock());
            if (waitSeconds === 0) return;
            throw new APIError(
              "TOO_MANY_REQUESTS",
              {
                code: "TOO_MANY_TRIES",
                message: `Too many tries to sign in to this account. Wait ${minutesInWords(waitSeconds)}, then try again.`,
              },
              { "Retry-After": String(waitSeconds) },
            );
          }),
        },
      ],
      after: [
        {
          matcher: (context) => isSignIn(context.path),
          handler: createAuthMiddleware(async (context) => {
            const key = keyOf(context.body?.email);
            if (key !== null && context.context.newSession) await db.rateLimit.deleteMany({ where: { key } });
          }),
        },
      ],
    },
  };
}

/** 61 -> "2 minutes": rounded up, so that whoever waits that long may try. */
export function minutesInWords(seconds: number): string {
  const minutes = Math.ceil(seconds / 60);
  return minutes === 1 ? "1 minute" : `${minutes} minutes`;
}

/** The address itself stays out of the table; a hash is as good a key and has one length. */
function keyOf(email: unknown): string | null {
  if (typeof email !== "string") return null;
  return `sign-in|${createHash("sha256").update(email.trim().toLowerCase()).digest("hex")}`;
}

/** Counts one try in one statement. 0 when it may go on, else the seconds until the next one may. */
async function countTry(db: Db, key: string, now: Date): Promise<number> {
  const instant = BigInt(now.getTime());
  const windowStart = instant - BigInt(windowSeconds * 1000);
  const counted = await db.$queryRaw<unknown[]>`
    INSERT INTO rate_limit (id, key, count, last_request) VALUES (${key}, ${key}, 1, ${instant})
    ON CONFLICT (key) DO UPDATE SET
      count = CASE WHEN rate_limit.last_request <= ${windowStart} THEN 1 ELSE rate_limit.count + 1 END,
      last_request = ${instant}
    WHERE rate_limit.last_request <= ${windowStart} OR rate_limit.count < ${triesPerAccount}
    RETURNING 1`;
  if (counted.length > 0) return 0;
  const row = await db.rateLimit.findUnique({ where: { key } });
  const last = row ? Number(row.lastRequest) : now.getTime();
  return Math.max(1, Math.ceil((last - now.getTime()) / 1000) + windowSeconds);
}
