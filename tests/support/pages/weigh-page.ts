import { setTimeout as pause } from "node:timers/promises";
import type { BrowserContext, Page } from "playwright-core";
import { zoneCookie } from "#app/_ui/shell/zone-cookie.ts";

/** What a browser with nothing kept loads for a page, in bytes over the wire with their headers. */
export interface PageWeight {
  script: number;
  style: number;
  font: number;
  html: number;
  requests: number;
  /** Pages fetched ahead, as "path" each. */
  ahead: string[];
  /** How much of the page moved by itself, as browsers reckon it (CLS). */
  shift: number;
}

const kinds: Record<string, "script" | "style" | "font" | "html"> = {
  Script: "script",
  Stylesheet: "style",
  Font: "font",
  Document: "html",
};

/** Nothing asked for this long: the page is there. */
const quietMs = 400;

/** Opens the page in a fresh tab of a context with nothing kept; the tab is left open for the caller. */
export async function weighPage(
  context: BrowserContext,
  base: string,
  path: string,
): Promise<{ page: Page; weight: PageWeight }> {
  // A browser that was here before has told its zone (shell/reader-zone.tsx): it reads no page twice.
  const { origin } = new URL(base);
  await context.addCookies([{ name: zoneCookie, value: "America%2FLos_Angeles", url: origin }]);
  const page = await context.newPage();
  await page.addInitScript(() => {
    const told = window as unknown as { shift: number };
    told.shift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as unknown as { value: number }[]) told.shift += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
  });
  const session = await context.newCDPSession(page);
  await session.send("Network.enable");
  const weight: PageWeight = { script: 0, style: 0, font: 0, html: 0, requests: 0, ahead: [], shift: 0 };
  const open = new Map<string, string>();
  let last = performance.now();
  session.on("Network.requestWillBeSent", ({ requestId, request, type }) => {
    last = performance.now();
    weight.requests += 1;
    // A stream of events ends with the page.
    if (type !== "EventSource") open.set(requestId, type ?? "Other");
    const names = Object.keys(request.headers).map((name) => name.toLowerCase());
    if (names.includes("next-router-prefetch")) weight.ahead.push(new URL(request.url).pathname);
  });
  const closed = (requestId: string, bytes: number) => {
    const kind = kinds[open.get(requestId) ?? ""];
    if (kind !== undefined) weight[kind] += bytes;
    if (open.delete(requestId)) last = performance.now();
  };
  session.on("Network.loadingFinished", (event) => closed(event.requestId, event.encodedDataLength));
  session.on("Network.loadingFailed", (event) => closed(event.requestId, 0));
  const answer = await page.goto(path);
  if (answer === null || !answer.ok()) throw new Error(`${path} answered ${answer?.status()}.`);
  while (open.size > 0 || performance.now() - last < quietMs) await pause(50);
  weight.shift = await page.evaluate(() => (window as unknown as { shift: number }).shift);
  return { page, weight };
}
