import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { openContext } from "./browser.ts";
import type { Person } from "./people.ts";
import type { TestWeb } from "./start-web.ts";

export interface OpenPage {
  context: BrowserContext;
  page: Page;
}

/** A page in a fresh context, signed in as this person. */
export async function openAs(
  browser: Browser,
  web: TestWeb,
  person: Person | null,
  options: BrowserContextOptions = {},
): Promise<OpenPage> {
  const context = await openContext(browser, web.baseUrl, options);
  const [name, value] = person?.cookie.split(/=(.*)/s) ?? [];
  if (name && value) await context.addCookies([{ name, value, url: web.baseUrl }]);
  return { context, page: await context.newPage() };
}
