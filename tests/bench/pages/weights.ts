import { launchBrowser, openContext } from "#tests/e2e/support/browser.ts";
import type { SitePage } from "#tests/support/pages/site-pages.ts";
import { weighPage } from "#tests/support/pages/weigh-page.ts";
import type { Row } from "../table.ts";

const kB = (bytes: number) => (bytes / 1000).toFixed(0);

/** In Chromium with nothing kept: the same bytes on every computer. */
export async function measureWeights(
  baseUrl: string,
  pages: SitePage[],
  cookies: Record<"student" | "instructor", string>,
): Promise<Row[]> {
  const browser = await launchBrowser();
  const rows: Row[] = [];
  try {
    for (const one of pages) {
      const context = await openContext(browser, baseUrl);
      const [name = "", value = ""] = one.as === null ? [] : cookies[one.as].split(/=(.*)/s);
      if (name !== "") await context.addCookies([{ name, value, url: baseUrl }]);
      const { weight } = await weighPage(context, baseUrl, one.path);
      rows.push({
        goal: `JavaScript of ${one.name} at most ${kB(one.scriptBytes)} kB`,
        figure: `${kB(weight.script)} kB (CSS ${kB(weight.style)}, fonts ${kB(weight.font)}, HTML ${kB(weight.html)}; ${weight.requests} requests, ${weight.ahead.length} ahead; moved ${weight.shift.toFixed(4)})`,
        pass: weight.script <= one.scriptBytes && weight.ahead.length === 0,
        exact: true,
      });
      await context.close();
    }
  } finally {
    await browser.close();
  }
  return rows;
}
