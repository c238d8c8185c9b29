import { PrismaPg } from "@prisma/adapter-pg";
import { type Prisma, PrismaClient } from "../generated/client.ts";
import { limitedClient } from "./limited-client.ts";

export type Db = PrismaClient;
/** The client inside `db.$transaction(async (tx) => …)`. */
export type Tx = Prisma.TransactionClient;

export interface QueryLimits {
  /** How long the server works on one statement, waiting for locks included, before it gives that up. */
  statementMs: number;
  /** How long an answer is waited for before the connection is given up. Longer, so that the server's word comes first. */
  answerMs: number;
}

/** A transaction may take 30 s in all, so no statement of web's in one is cut off that could still have been of use. */
export const webLimits: QueryLimits = { statementMs: 25_000, answerMs: 30_000 };
/** Its transactions wait for the fleet's lock behind others; and nobody waits for an answer in front of a page. */
export const workerLimits: QueryLimits = { statementMs: 60_000, answerMs: 75_000 };

export interface DbOptions {
  /** Connections of this process; 10 by default. */
  connections?: number;
  /** None by default: loading a course takes as long as it takes. */
  limits?: QueryLimits;
}

/**
 * How long a transaction waits for a connection, and how long it may take with the locks that it waits for. Before a
 * deadline a whole class waits for the same few connections, and what it asked for has arrived already.
 */
const transactionOptions = { maxWait: 30_000, timeout: 30_000 };

/**
 * A client with its own connections, opened at the first query; close with `$disconnect()`. The adapter sends
 * instants as UTC without saying so, hence every connection speaks UTC whatever the server's zone is.
 */
export function createDb(url: string, { connections = 10, limits }: DbOptions = {}): Db {
  const ofServer = limits === undefined ? "" : serverLimits(limits);
  const adapter = new PrismaPg({
    connectionString: url,
    max: connections,
    options: `-c TimeZone=UTC -c random_page_cost=1.1${ofServer}`,
    application_name: "drydock",
    ...(limits === undefined ? {} : { Client: limitedClient(limits.answerMs) }),
  });
  return new PrismaClient({ adapter, transactionOptions });
}

/**
 * What the server ends by itself: a wait for a lock while there is time left to use it, and the transaction of a
 * process that stands still or is gone, whose locks would keep everybody else from theirs for hours.
 */
function serverLimits({ statementMs }: QueryLimits): string {
  const { timeout } = transactionOptions;
  const settings = {
    statement_timeout: statementMs,
    lock_timeout: timeout - 5_000,
    idle_in_transaction_session_timeout: timeout + 5_000,
    tcp_keepalives_idle: 30,
    tcp_keepalives_interval: 10,
    tcp_keepalives_count: 3,
  };
  return Object.entries(settings)
    .map(([name, value]) => ` -c ${name}=${value}`)
    .join("");
}
