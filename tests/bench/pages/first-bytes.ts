import { get } from "node:http";
import type { SitePage } from "#tests/support/pages/site-pages.ts";
import { cpuSeconds } from "../memory.ts";
import { percentile, type Row } from "../table.ts";

const warmUps = 5;
const measured = 40;
const goalMs = 60;

/** One request after the other, as one reader would on an idle computer: what the server takes, not the queue. */
export async function measureFirstBytes(
  { baseUrl, pid }: { baseUrl: string; pid: number },
  pages: SitePage[],
  cookies: Record<"student" | "instructor", string>,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (const page of pages) {
    const cookie = page.as === null ? null : cookies[page.as];
    const look = () => firstByte(new URL(page.path, baseUrl), cookie);
    for (let index = 0; index < warmUps; index += 1) await look();
    const before = await cpuSeconds(pid);
    const times: number[] = [];
    for (let index = 0; index < measured; index += 1) times.push(await look());
    const computed = (((await cpuSeconds(pid)) - before) / measured) * 1000;
    const p95 = percentile(times, 95);
    rows.push({
      goal: `first byte of ${page.name} within ${goalMs} ms (p95)`,
      figure: `p50 ${percentile(times, 50).toFixed(0)} ms, p95 ${p95.toFixed(0)} ms, least ${Math.min(...times).toFixed(0)} ms; web computes ${computed.toFixed(0)} ms a page`,
      pass: p95 <= goalMs,
    });
  }
  return rows;
}

/** Milliseconds until the answer's first byte; all of it is read. */
function firstByte(url: URL, cookie: string | null): Promise<number> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const headers = {
      accept: "text/html",
      "accept-encoding": "gzip",
      ...(cookie === null ? {} : { cookie: `${cookie}; drydock-zone=America%2FLos_Angeles` }),
    };
    const request = get(url, { headers }, (answer) => {
      const took = performance.now() - began;
      answer.once("error", reject);
      answer.once("end", () => {
        if (answer.statusCode === 200) resolve(took);
        else reject(new Error(`${url.pathname} answered ${answer.statusCode}.`));
      });
      answer.resume();
    });
    request.once("error", reject);
  });
}
