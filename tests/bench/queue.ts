import { setMaxListeners } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { RunView } from "#app/_server/queries/run/run-view.ts";
import { pollPace } from "#app/_ui/run/live/poll-pace.ts";
import { startEmbeddedPostgres } from "#infra/db/embedded.ts";
import { migrate } from "#infra/db/schema/migrate.ts";
import { startWebAlone } from "#tests/support/web-alone.ts";
import { buildSite } from "../../bin/site/build-site.ts";
import type { Child } from "../../bin/site/child.ts";
import { unlessInterrupted } from "./interrupt.ts";
import { cpuSeconds } from "./memory.ts";
import { waitingClass } from "./queue-class.ts";
import { percentile, type Row } from "./table.ts";

const secret = "a secret of the benchmark alone, thirty-two long";
const readers = 500;
const measuredSeconds = 60;
/** What every page did before its pace followed its place. */
const everyMs = 3000;

/** Web and Postgres alone, so that the queue stands still: what 500 pages cost whose runs all wait. */
export async function measureQueue(): Promise<Row[]> {
  const dataDir = await mkdtemp(path.join(os.tmpdir(), "drydock-bench-queue-"));
  await buildSite(path.resolve("."), () => undefined);
  const postgres = await startEmbeddedPostgres({ dataDir });
  try {
    await migrate(postgres.url);
    const runs = await waitingClass(postgres.url, readers, secret);
    const { web, baseUrl } = await startWebAlone({
      dataDir,
      databaseUrl: postgres.url,
      env: { DRYDOCK_AUTH_SECRET: secret, DRYDOCK_LOG_LEVEL: "warn" },
    });
    try {
      return await unlessInterrupted(measureReaders(web, baseUrl, runs));
    } finally {
      await web.stop();
    }
  } finally {
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

type Reader = { runId: string; token: string };

async function measureReaders(web: Child, baseUrl: string, runs: Reader[]): Promise<Row[]> {
  // The server's side of each; a reader that is refused or cut off ends the bench.
  const streamed = await measureStreams(web, baseUrl, runs);
  const paced = await look(web, baseUrl, runs, pollPace);
  const fast = await look(web, baseUrl, runs, () => everyMs);
  return [
    {
      goal: `${readers} pages of ${readers} waiting runs cost web under half a core`,
      figure: `${streamed.cores.toFixed(2)} cores (${streamed.places.toFixed(0)} places told a second over ${readers} streams)`,
      pass: streamed.cores < 0.5 && streamed.places > readers / 10,
    },
    { goal: "pages without a stream, that ask at their pace", figure: figureOf(paced), pass: null },
    { goal: `pages that each ask every ${everyMs / 1000} s`, figure: figureOf(fast), pass: null },
  ];
}

/** As the pages do: each holds its stream, which tells its place. */
async function measureStreams(web: Child, baseUrl: string, runs: Reader[]) {
  const over = new AbortController();
  setMaxListeners(0, over.signal);
  let places = 0;
  const streams = runs.map((run) => follow(baseUrl, run, over.signal, () => (places += 1)));
  for (const stream of streams) stream.catch(() => undefined);
  const broken = Promise.race(
    streams.map((stream) => stream.then(() => Promise.reject(new Error("A stream ended.")))),
  );
  broken.catch(() => undefined);
  await Promise.race([broken, pause(20_000)]);
  places = 0;
  const before = await cpuSeconds(web.pid);
  await Promise.race([broken, pause(measuredSeconds * 1000)]);
  const cores = ((await cpuSeconds(web.pid)) - before) / measuredSeconds;
  over.abort();
  await Promise.allSettled(streams);
  return { cores, places: places / measuredSeconds };
}

interface Looked {
  cores: number;
  looks: number;
  p95: number;
}
const figureOf = ({ cores, looks, p95 }: Looked) =>
  `${cores.toFixed(2)} cores (${(looks / measuredSeconds).toFixed(0)} looks a second, p95 ${p95.toFixed(0)} ms)`;

/** Every reader asks as their page does; the first round, in which code is compiled, is not counted. */
async function look(
  web: Child,
  baseUrl: string,
  runs: Reader[],
  pace: (view: RunView) => number,
): Promise<Looked> {
  const over = new AbortController();
  setMaxListeners(0, over.signal);
  const took: number[] = [];
  let counts = false;
  const reader = async ({ runId, token }: Reader, first: number) => {
    let wait = first;
    while (!over.signal.aborted) {
      await pause(wait, undefined, { signal: over.signal }).catch(() => undefined);
      if (over.signal.aborted) return;
      const asked = performance.now();
      const answer = await fetch(`${baseUrl}/api/runs/${runId}`, {
        headers: { authorization: `Bearer ${token}`, accept: "application/json" },
      });
      const view = (await answer.json()) as RunView;
      if (view.queue === null) throw new Error(`The run ${runId} has no place: ${JSON.stringify(view)}`);
      if (counts) took.push(performance.now() - asked);
      wait = pace(view);
    }
  };
  const all = Promise.all(runs.map((run, i) => reader(run, (i * 15_000) / runs.length)));
  all.catch(() => undefined);
  await Promise.race([all, pause(20_000)]);
  counts = true;
  const before = await cpuSeconds(web.pid);
  await Promise.race([all, pause(measuredSeconds * 1000)]);
  const cores = ((await cpuSeconds(web.pid)) - before) / measuredSeconds;
  over.abort();
  await all;
  return { cores, looks: took.length, p95: percentile(took, 95) };
}

async function follow(
  baseUrl: string,
  { runId, token }: Reader,
  signal: AbortSignal,
  onPlace: () => void,
): Promise<void> {
  const answer = await fetch(`${baseUrl}/api/runs/${runId}/events`, {
    headers: { authorization: `Bearer ${token}` },
    signal,
  });
  if (!answer.ok) throw new Error(`The stream of ${runId} answered ${answer.status}.`);
  const decoder = new TextDecoder();
  for await (const chunk of answer.body ?? []) {
    if (decoder.decode(chunk as Uint8Array).includes("event: place")) onPlace();
  }
}
