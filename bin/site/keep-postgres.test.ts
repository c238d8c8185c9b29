import { expect, test, vi } from "vitest";
import { type EndedServer, keepPostgres } from "./keep-postgres.ts";

function server(): EndedServer & { end(): void; stopped: boolean } {
  let runs = true;
  const made = {
    stopped: false,
    runs: async () => runs,
    end: () => {
      runs = false;
    },
    stop: async () => {
      made.stopped = true;
    },
  };
  return made;
}
const quick = { everyMs: 5, steadyMs: 60_000 };

test("a server that ended by itself is started again, and said to be", async () => {
  const [first, second] = [server(), server()];
  const said: string[] = [];
  const kept = keepPostgres(first, { ...quick, start: async () => second, say: (text) => said.push(text) });
  first.end();
  await vi.waitFor(() => expect(said).toEqual(["Postgres had ended by itself; it was started again."]));
  await kept.stop();
  expect([first.stopped, second.stopped]).toEqual([false, true]);
});

test("one that cannot be started any more, or ends again and again, is told as a failure with the reason", async () => {
  const first = server();
  first.end();
  const broken = keepPostgres(first, {
    ...quick,
    start: () => Promise.reject(new Error("The disk is full.")),
    say: () => undefined,
  });
  expect(await broken.failed).toContain("could not be kept running: The disk is full.");
  const said: string[] = [];
  const falling = keepPostgres(first, {
    ...quick,
    start: async () => {
      const next = server();
      next.end();
      return next;
    },
    say: (text) => said.push(text),
  });
  expect(await falling.failed).toContain("it ended again and again");
  expect(said).toHaveLength(5);
});

test("a stop while it is being started again leaves none running", async () => {
  const [first, second] = [server(), server()];
  let begun: () => void = () => {};
  const started = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const start = async () => {
    begun();
    await new Promise((resolve) => setTimeout(resolve, 50));
    return second;
  };
  const kept = keepPostgres(first, { ...quick, start, say: () => undefined });
  first.end();
  await started;
  await kept.stop();
  expect(second.stopped).toBe(true);
});
