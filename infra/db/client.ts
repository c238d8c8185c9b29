import { PrismaPg } from "@prisma/adapter-pg";
import { type Prisma, PrismaClient } from "./generated/client.ts";

export type Db = PrismaClient;
/** The client inside `db.$transaction(async (tx) => …)`. */
export type Tx = Prisma.TransactionClient;

export interface DbOptions {
  /** Connections of this process; 10 by default. */
  connections?: number;
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
export function createDb(url: string, options: DbOptions = {}): Db {
  const adapter = new PrismaPg({
    connectionString: url,
    max: options.connections ?? 10,
    options: "-c TimeZone=UTC -c random_page_cost=1.1",
    application_name: "drydock",
  });
  return new PrismaClient({ adapter, transactionOptions });
}
