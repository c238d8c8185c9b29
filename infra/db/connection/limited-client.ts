import type { Socket } from "node:net";
import pg from "pg";

const connectMs = 10_000;

/**
 * A connection that is given up when an answer takes longer: a server's own time limit does nothing where its process
 * stands still. What was asked rejects with ETIMEDOUT, and the pool opens another connection in its place.
 */
export function limitedClient(answerMs: number): typeof pg.Client {
  return class extends pg.Client {
    constructor(config?: pg.ClientConfig) {
      // Of this connection; the pool's own setting would limit the wait for a free one as well.
      super({ ...config, connectionTimeoutMillis: connectMs });
      const query = this.query as (...given: unknown[]) => unknown;
      this.query = ((...given: unknown[]) => {
        const timer = setTimeout(() => giveUp(this, answerMs), answerMs);
        const done = () => clearTimeout(timer);
        const callback = given.at(-1);
        if (typeof callback === "function") {
          const told = (...answer: unknown[]) => {
            done();
            callback(...answer);
          };
          return query.apply(this, [...given.slice(0, -1), told]);
        }
        const answer = query.apply(this, given);
        if (answer instanceof Promise) answer.then(done, done);
        else done();
        return answer;
      }) as typeof this.query;
    }
  };
}

/** Its process may read nothing any more, so the connection is not ended in order but cut. */
function giveUp(client: pg.Client, answerMs: number): void {
  const { connection } = client as unknown as { connection: { stream: Socket } };
  const message = `The database gave no answer within ${answerMs / 1000} s.`;
  // As the system's own errors of connections are, which is how Prisma knows them.
  connection.stream.destroy(
    Object.assign(new Error(message), { code: "ETIMEDOUT", syscall: "read", errno: -110 }),
  );
}
