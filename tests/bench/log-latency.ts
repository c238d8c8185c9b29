import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { chromium } from "playwright-core";
import { signIn } from "../../bin/demo/student-client.ts";
import type { Site } from "../../bin/site/start-site.ts";
import { unlessInterrupted } from "./interrupt.ts";
import { benchStudent } from "./student.ts";
import { percentile, type Row } from "./table.ts";

const lines = 200;
const dockerfile = `FROM busybox
CMD ["sh", "-c", "i=0; while [ $i -lt ${lines} ]; do echo line $i; i=$((i+1)); sleep 0.05; done"]
`;

/** From the agent's stamp on a line to the same line's event in Chromium: one clock, so one subtraction. */
export async function measureLogLatency(site: Site): Promise<Row[]> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "drydock-bench-lines-"));
  try {
    await writeFile(path.join(folder, "Dockerfile"), dockerfile);
    const client = await signIn(site.baseUrl, benchStudent.email, benchStudent.password);
    const { runId } = await client.submit("bench/bench/lines", folder, randomUUID());
    const delays = await delaysInBrowser(site.baseUrl, runId);
    const p95 = percentile(delays, 95);
    return [
      {
        goal: "log line in the machine to the browser p95 under 300 ms",
        figure: `p50 ${percentile(delays, 50)} ms, p95 ${p95} ms (${delays.length} lines)`,
        pass: p95 < 300 && delays.length >= lines,
      },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function delaysInBrowser(baseUrl: string, runId: string): Promise<number[]> {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
    // It would end the whole bench before what that made is removed.
    handleSIGINT: false,
    handleSIGTERM: false,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
    ],
  });
  try {
    const page = await browser.newPage();
    await page.goto(`${baseUrl}/sign-in`);
    await page.getByLabel(/e-?mail/i).fill(benchStudent.email);
    await page
      .getByLabel(/password/i)
      .first()
      .fill(benchStudent.password);
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
    const seen = page.evaluate(
      (url) =>
        new Promise<number[]>((resolve, reject) => {
          const seen: number[] = [];
          const source = new EventSource(url);
          source.addEventListener("log", (event) => {
            const data = JSON.parse(event.data) as { at: string; line: string };
            if (/^line \d+$/.test(data.line)) seen.push(Date.now() - Date.parse(data.at));
          });
          source.addEventListener("done", () => {
            source.close();
            resolve(seen);
          });
          setTimeout(() => reject(new Error("The run did not end within two minutes.")), 120_000);
        }),
      `/api/runs/${runId}/events`,
    );
    return await unlessInterrupted(seen);
  } finally {
    await browser.close();
  }
}
