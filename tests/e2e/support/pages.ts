import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { openContext } from "./browser.ts";
import type { Person } from "./people.ts";

export interface OpenPage {
  context: BrowserContext;
  page: Page;
}

/** A page in a fresh context, signed in as this person. */
export async function openAs(
  browser: Browser,
  baseUrl: string,
  person: Person | null,
  options: BrowserContextOptions = {},
): Promise<OpenPage> {
  const context = await openContext(browser, baseUrl, options);
  const [name, value] = person?.cookie.split(/=(.*)/s) ?? [];
  if (name && value) await context.addCookies([{ name, value, url: baseUrl }]);
  return { context, page: await context.newPage() };
}
