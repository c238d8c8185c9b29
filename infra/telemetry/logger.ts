import { type DestinationStream, type Logger, pino } from "pino";
import { RE2JS, re } from "re2js";
import type { Config } from "#infra/config/config.ts";

export type Log = Logger;

/** Names of fields whose values are never written, at any of the first three levels of an entry. */
const secretFields = [
  "password",
  "token",
  "session",
  "secret",
  "authorization",
  "cookie",
  "databaseUrl",
  "ownerDatabaseUrl",
  "redisUrl",
  "connectionString",
  "authSecret",
];

/**
 * Lines of JSON on standard output (or `to`), one an event. Secrets stay out in two ways: fields by name, and
 * anywhere in the text the password of a URL and the value of a bearer header, because errors quote both.
 */
export function createLogger(
  settings: { name: string; level: Config["logLevel"] },
  to?: DestinationStream,
): Log {
  const options = {
    name: settings.name,
    level: settings.level,
    redact: {
      paths: secretFields.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]),
      censor: "[secret]",
    },
    hooks: { streamWrite: withoutSecrets },
  };
  return to ? pino(options, to) : pino(options);
}

/** In an address. A line may be as long as a request's path, so the engine is one that never goes back. */
const password = re(RE2JS.CASE_INSENSITIVE)`([a-z][a-z0-9+.-]*://[^\s:/@"\\]*):[^\s/@"\\]+@`;

/** Exported for its test: one finished line of the log, without passwords and bearer values. */
export function withoutSecrets(line: string): string {
  const addressed = line.includes("://") ? password.matcher(line).replaceAll("$1:[secret]@") : line;
  return addressed.replace(/\b(Bearer)\s+[\w.~+/=-]{8,}/gi, "$1 [secret]");
}
