import { betterAuth } from "better-auth";
import { prismaAdapter } from "better-auth/adapters/prisma";
import { hashPassword, verifyPassword } from "better-auth/crypto";
import { bearer } from "better-auth/plugins";
import type { Clock } from "#course/clock.ts";
import type { Config } from "#infra/config/config.ts";
import type { Db } from "#infra/db/connection/client.ts";
import { addressHeader } from "./address-header.ts";
import { createHashGate } from "./hash-gate.ts";
import { signInLimit } from "./sign-in-limit.ts";
import { trustedOrigins } from "./trusted-origins.ts";

const day = 24 * 60 * 60;
/** The system has four threads for such work and for files; the last in line waits some seconds. */
const hashing = { atOnce: 2, waiting: 48 };

/** What of better-auth is open, by method. It brings many more endpoints, for things that Drydock does not have. */
export const openEndpoints: Record<string, readonly string[]> = {
  GET: ["get-session"],
  POST: ["sign-in/email", "sign-out", "change-password", "revoke-other-sessions"],
};

export interface AuthOptions {
  db: Db;
  config: Pick<Config, "baseUrl">;
  /** At least 32 characters; see loadAuthSecret. */
  secret: string;
  clock: Clock;
  /** Where better-auth's warnings and errors go. */
  onLog: (level: "warn" | "error", message: string) => void;
}

/**
 * E-mail and password on Drydock's own user, session and account tables; sessions live in Postgres, a signed cookie
 * or a bearer token names one. Accounts are made by ensureUser only: nobody signs up by themselves.
 */
export function createAuth(options: AuthOptions) {
  const { db, config, secret, clock, onLog } = options;
  const inLine = createHashGate(hashing);
  return betterAuth({
    appName: "Drydock",
    baseURL: config.baseUrl,
    basePath: "/api/auth",
    secret,
    database: prismaAdapter(db, { provider: "postgresql", transaction: true }),
    trustedOrigins: trustedOrigins(config.baseUrl),
    emailAndPassword: {
      ...{ enabled: true, disableSignUp: true, minPasswordLength: 10, maxPasswordLength: 128 },
      password: {
        hash: (password) => inLine(() => hashPassword(password)),
        verify: (given) => inLine(() => verifyPassword(given)),
      },
    },
    // A stolen laptop stays signed in for two weeks at most; daily use moves the end.
    session: { expiresIn: 14 * day, updateAge: day },
    rateLimit: {
      enabled: true,
      storage: "database",
      // It counts by address alone, and as one what comes without a quiet while between; so it counts nothing that is
      // open. A session is asked for by every open page and tells nothing that could be guessed; for passwords see
      // signInLimit.
      customRules: Object.fromEntries(
        Object.values(openEndpoints)
          .flat()
          .map((endpoint) => [`/${endpoint}`, false as const]),
      ),
    },
    advanced: {
      cookiePrefix: "drydock",
      ipAddress: { ipAddressHeaders: [addressHeader] },
      useSecureCookies: config.baseUrl.startsWith("https:"),
      defaultCookieAttributes: { httpOnly: true, sameSite: "lax" },
      // Stated because better-auth turns both off by itself under a test runner.
      disableCSRFCheck: false,
      disableOriginCheck: false,
    },
    telemetry: { enabled: false },
    logger: {
      level: "warn",
      log: (level, message) => onLog(level === "error" ? "error" : "warn", message),
    },
    // Sessions lie in the table by their token; what names one to us is signed too, so that a copy of the table signs
    // nobody in.
    plugins: [signInLimit({ db, clock }), bearer({ requireSignature: true })],
  });
}

export type Auth = ReturnType<typeof createAuth>;
