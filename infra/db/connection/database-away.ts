/** What people are told while the database cannot be asked. */
export const databaseAwayFact = "Drydock's database does not answer.";

/** What became of what somebody asked for meanwhile: nothing, since it only reads; nothing, for certain; nobody knows. */
export type AwayEnd = "reads" | "not-done" | "unknown";

/** What that means for whoever asked. */
export const awayEnds: Record<AwayEnd, string> = {
  reads: "Try again in a moment; what you handed in before is safe.",
  "not-done": "Nothing of what you just sent was taken: send it again in a moment.",
  unknown:
    "What you just sent may have been taken or not: look in a moment, before you send it again. What you handed in before is safe.",
};

export const databaseAwaySentence = (end: AwayEnd) => `${databaseAwayFact} ${awayEnds[end]}`;

/** Seconds until it is worth asking again. */
export const databaseRetrySeconds = 5;

/** Of a connection that could not be opened; or, by another system call than these, of one that was open already. */
const notOpened = new Set(["ECONNREFUSED", "ENOTFOUND", "EHOSTUNREACH", "ENETUNREACH"]);
const opening = new Set(["connect", "getaddrinfo"]);

/** With which the server turns a connection away. */
const turnedAway = new Set(["57P03", "53300"]);

const away = new Set([
  ...notOpened,
  ...turnedAway,
  "P1001",
  // The connection broke, or nothing came through it in time.
  ...["ECONNRESET", "ETIMEDOUT", "EPIPE", "P1002", "P1008", "P1017"],
  // Ended by its server, which stops, crashed or restarts; cut off by the server's own time limit.
  ...["57P01", "57P02", "57P05", "08000", "08003", "08006", "57014"],
  // No connection, or no transaction, became free in time.
  ...["P2024", "P2028", "P2037"],
]);

/** What the driver says without a code. */
const sentences =
  /^(Connection terminated|timeout expired|timeout exceeded when trying to connect|Client has encountered a connection error|Client was closed|Query read timeout)/;

/** The parts of errors by Prisma, its adapter, the driver and the system that are looked at. */
interface Told {
  code?: unknown;
  originalCode?: unknown;
  syscall?: unknown;
  host?: unknown;
  message?: unknown;
  kind?: unknown;
  cause?: unknown;
  meta?: { driverAdapterError?: unknown };
  errors?: unknown[];
}

const kinds: Record<string, string> = {
  DatabaseNotReachable: "P1001",
  SocketTimeout: "P1008",
  ConnectionClosed: "P1017",
  TooManyConnections: "P2037",
};

/** Whether this came of a database that does not answer. The one place that knows the driver's and Prisma's words. */
export function isDatabaseAway(error: unknown): boolean {
  return anyOf(
    error,
    (one) => codesOf(one).some((code) => away.has(code)) || sentences.test(String(one.message ?? "")),
  );
}

/**
 * Whether the database was never reached, so that a transaction that failed so was never begun. The same codes come of
 * an open connection that fails while it waits for the answer to COMMIT, hence none counts by itself.
 */
export function isDatabaseNotReached(error: unknown): boolean {
  return anyOf(
    error,
    (one) =>
      codesOf(one).some((code) => turnedAway.has(code)) ||
      (opening.has(String(one.syscall)) && notOpened.has(String(one.code))) ||
      // The adapter drops the system call; only one that opens a connection names the host.
      (one.kind === "DatabaseNotReachable" && typeof one.host === "string"),
  );
}

const codesOf = ({ code, originalCode, kind }: Told): string[] =>
  [code, originalCode, kinds[String(kind)]].filter((one) => typeof one === "string");

/** Errors wrap one another; none wraps more than a few. */
function anyOf(error: unknown, holds: (told: Told) => boolean, depth = 6): boolean {
  if (typeof error !== "object" || error === null || depth === 0) return false;
  const told = error as Told;
  if (holds(told)) return true;
  const inner = [
    told.cause,
    told.meta?.driverAdapterError,
    ...(Array.isArray(told.errors) ? told.errors : []),
  ];
  return inner.some((one) => anyOf(one, holds, depth - 1));
}
