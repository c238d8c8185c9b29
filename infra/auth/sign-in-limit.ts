import { createHash, randomUUID } from "node:crypto";
import { APIError, createAuthMiddleware, getSessionFromCtx } from "better-auth/api";
import type { BetterAuthPlugin } from "better-auth/types";
import type { Clock } from "#course/clock.ts";
import type { Db } from "#infra/db/connection/client.ts";
import { addressHeader, addressPrefix } from "./address-header.ts";
import { busyCode } from "./hash-gate.ts";
import { countTry, forgetTries, giveBackTries, type TryLimit } from "./sign-in-tries.ts";

/** How long a browser is known as one in which the password was right. */
const deviceSeconds = 180 * 24 * 60 * 60;

/** A limit, and what whoever meets it is told. */
interface Limit extends TryLimit {
  /** own: of this caller alone, a right password forgets it. try: one with a right password does not count. */
  counts: "own" | "try" | "request";
  sentence: (wait: string) => string;
}

const elsewhere = "a browser in which you signed in before is not held up";
const here = (wait: string) =>
  `Too many tries to sign in to this account from here. Wait ${wait}, then try again`;

/**
 * What a try counts towards. A stranger must not lock others out: so wrong passwords count for account and address
 * together; by account alone, wherever they come from, tries only become slow; and a browser in which the password
 * was right once before counts for its account alone, not even for its address. One password tried on many accounts
 * counts by address, and so does each request with a password: a whole class may sign in within minutes of a deadline.
 */
function limitsOf(caller: { account: string; prefix: string; device: string | null }): Limit[] {
  const { account, prefix, device } = caller;
  const window = { windowSeconds: 300, thenEverySeconds: null };
  if (device !== null) {
    return [
      { counts: "own", key: keyOf("device", account, device), free: 10, ...window, sentence: here },
      { counts: "request", key: keyOf("devices", account), free: 60, ...window, sentence: here },
    ];
  }
  return [
    {
      ...{ counts: "own", key: keyOf("account-from", account, prefix), free: 10, windowSeconds: 900 },
      ...{ thenEverySeconds: null, sentence: (wait) => `${here(wait)}; ${elsewhere}` },
    },
    {
      ...{ counts: "request", key: keyOf("requests", prefix), free: 600, ...window },
      sentence: (wait) =>
        `Too many people tried to sign in from your network. Wait ${wait}, then try again; ${elsewhere}`,
    },
    {
      ...{ counts: "try", key: keyOf("from", prefix), free: 100, ...window },
      sentence: (wait) =>
        `Too many wrong passwords came from your network. Wait ${wait}, then try again; ${elsewhere}`,
    },
    {
      ...{
        counts: "try",
        key: keyOf("account", account),
        free: 30,
        windowSeconds: 3600,
        thenEverySeconds: 15,
      },
      sentence: (wait) =>
        `Passwords for this account are tried from many places. Wait ${wait}, then try again; ${elsewhere}`,
    },
  ];
}

/** Whoever is signed in may try the old password so often when they choose a new one. */
const passwordChange = { free: 10, windowSeconds: 300, thenEverySeconds: null };

/**
 * Slows password guessing: counts tries before the password is looked at, in a table that all web processes share,
 * within windows that end whether or not somebody comes meanwhile. A request without a password to look at is refused
 * by better-auth at no cost, and counts nowhere.
 */
export function signInLimit(options: { db: Db; clock: Clock }): BetterAuthPlugin {
  const { db, clock } = options;
  const isSignIn = (path: string | undefined) => path === "/sign-in/email";
  return {
    id: "sign-in-limit",
    hooks: {
      before: [
        {
          matcher: (context) => isSignIn(context.path),
          handler: createAuthMiddleware(async (context) => {
            const limits = await limitsOfTry(context);
            if (limits !== null) await countAll(db, limits, clock());
          }),
        },
        {
          matcher: (context) => context.path === "/change-password",
          handler: createAuthMiddleware(async (context) => {
            const session = await getSessionFromCtx(context);
            if (session === null) return;
            const key = keyOf("change", session.user.id);
            const sentence = (wait: string) => `Too many tries. Wait ${wait}, then try again`;
            await countAll(db, [{ counts: "own", key, ...passwordChange, sentence }], clock());
          }),
        },
      ],
      after: [
        {
          matcher: (context) => isSignIn(context.path),
          handler: createAuthMiddleware(async (context) => {
            const limits = await limitsOfTry(context);
            if (limits === null) return;
            const keys = (...counts: Limit["counts"][]) =>
              limits.filter((limit) => counts.includes(limit.counts)).map(({ key }) => key);
            if (context.context.newSession) {
              await giveBackTries(db, keys("try"));
              await forgetTries(db, keys("own"), clock());
              await rememberDevice(context);
            } else if (wasBusy(context.context.returned)) {
              await giveBackTries(db, keys("own", "try", "request"));
            }
          }),
        },
      ],
    },
  };
}

type Context = Parameters<Parameters<typeof createAuthMiddleware>[0]>[0];

/** Throws APIError with the sentence of the first limit that is met. */
async function countAll(db: Db, limits: Limit[], now: Date): Promise<void> {
  const counted: string[] = [];
  for (const limit of limits) {
    const waitSeconds = await countTry(db, limit, now);
    if (waitSeconds > 0) {
      await giveBackTries(db, counted);
      throw new APIError(
        "TOO_MANY_REQUESTS",
        { code: "TOO_MANY_TRIES", message: `${limit.sentence(waitInWords(waitSeconds))}.` },
        { "Retry-After": String(waitSeconds) },
      );
    }
    counted.push(limit.key);
  }
}

/** null: there is no password to look at. */
async function limitsOfTry(context: Context): Promise<Limit[] | null> {
  const account = accountOf(context.body?.email);
  if (account === null || typeof context.body?.password !== "string") return null;
  return limitsOf({ account, ...(await readCaller(context, account)) });
}

async function readCaller(context: Context, account: string) {
  const prefix = addressPrefix(context.headers?.get(addressHeader));
  const { name } = deviceCookie(context);
  const [known, device] = String((await context.getSignedCookie(name, context.context.secret)) || "").split(
    "!",
  );
  return { prefix, device: known === account && device ? device : null };
}

/** The cookie says that this browser once had the account's right password, and nothing more. */
async function rememberDevice(context: Context): Promise<void> {
  const account = accountOf(context.body?.email);
  const { name, attributes } = deviceCookie(context);
  await context.setSignedCookie(name, `${account}!${randomUUID()}`, context.context.secret, attributes);
}

const deviceCookie = (context: Context) =>
  context.context.createAuthCookie("device", { maxAge: deviceSeconds });

function wasBusy(returned: unknown): boolean {
  return returned instanceof APIError && returned.body?.code === busyCode;
}

/** 59 -> "59 seconds", 61 -> "2 minutes": rounded up, so that whoever waits that long may try. */
export function waitInWords(seconds: number): string {
  if (seconds < 60) return seconds === 1 ? "1 second" : `${seconds} seconds`;
  const minutes = Math.ceil(seconds / 60);
  return minutes === 1 ? "1 minute" : `${minutes} minutes`;
}

/** The address itself stays out of table and cookie; a hash is as good a name and has one length. */
function accountOf(email: unknown): string | null {
  if (typeof email !== "string") return null;
  return createHash("sha256").update(email.trim().toLowerCase()).digest("hex");
}

function keyOf(kind: string, ...about: string[]): string {
  return `${kind}|${createHash("sha256").update(about.join("|")).digest("hex")}`;
}
