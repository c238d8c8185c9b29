import type { Browser, BrowserContextOptions } from "playwright-core";
import { afterAll, beforeAll } from "vitest";
import { launchBrowser, patience } from "./browser.ts";
import { type OpenPage, openAs } from "./pages.ts";
import type { Person } from "./people.ts";
import { startWeb, type TestWeb } from "./start-web.ts";

/** The first start may build the site. */
const startsWithin = 15 * 60_000;

/** The built site and a browser, for all tests of one file. */
export interface WebAndBrowser {
  readonly web: TestWeb;
  readonly browser: Browser;
  /** A page in a fresh context, signed in as this person; as nobody when there is none. */
  openAs(person: Person | null, options?: BrowserContextOptions): Promise<OpenPage>;
}

/**
 * Starts the site and a browser before the tests of the file that calls it, and ends both behind them. fill: what the
 * site's database must hold; env: settings of this site alone.
 */
export function withWebAndBrowser(
  fill: (web: TestWeb) => Promise<void>,
  env: Record<string, string> = {},
): WebAndBrowser {
  let web: TestWeb | undefined;
  let browser: Browser | undefined;
  beforeAll(async () => {
    web = await startWeb(env);
    await fill(web);
    browser = await launchBrowser();
  }, startsWithin);
  afterAll(async () => {
    await browser?.close();
    await web?.stop();
  }, patience * 2);
  const started = <T>(part: T | undefined): T => {
    if (part === undefined) throw new Error("The site starts with the first test of the file.");
    return part;
  };
  const site: WebAndBrowser = {
    get web() {
      return started(web);
    },
    get browser() {
      return started(browser);
    },
    openAs: (person, options) => openAs(site.browser, site.web.baseUrl, person, options),
  };
  return site;
}
