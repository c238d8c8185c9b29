import { betterAuth } from "better-auth";
import { prismaAdapter } from "better-auth/adapters/prisma";
import { bearer } from "better-auth/plugins";
import type { Clock } from "#course/clock.ts";
import type { Config } from "#infra/config/config.ts";
import type { Db } from "#infra/db/client.ts";
import { signInLimit } from "./sign-in-limit.ts";
import { trustedOrigins } from "./trusted-origins.ts";

const day = 24 * 60 * 60;

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
  return betterAuth({
    appName: "Drydock",
    baseURL: config.baseUrl,
    basePath: "/api/auth",
    secret,
    database: prismaAdapter(db, { provider: "postgresql", transaction: true }),
    trustedOrigins: trustedOrigins(config.baseUrl),
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 10, maxPasswordLength: 128 },
    // A stolen laptop stays signed in for two weeks at most; daily use moves the end.
    session: { expiresIn: 14 * day, updateAge: day },
    rateLimit: {
      enabled: true,
      storage: "database",
      // Asked by every open page; it tells nothing that could be guessed.
      customRules: { "/get-session": false },
    },
    advanced: {
      cookiePrefix: "drydock",
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
    plugins: [signInLimit({ db, clock }), bearer()],
  });
}

export type Auth = ReturnType<typeof createAuth>;
