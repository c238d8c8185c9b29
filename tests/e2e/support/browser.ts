import { existsSync } from "node:fs";
import path from "node:path";
import AxeBuilder from "@axe-core/playwright";
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from "playwright-core";

/** The system's Chromium: CHROMIUM_PATH when set, else the first on PATH. Playwright's own download is not used. */
export function findChromium(): string {
  const named = process.env.CHROMIUM_PATH;
  if (named) return named;
  for (const folder of (process.env.PATH ?? "").split(path.delimiter)) {
    for (const name of ["chromium", "chromium-browser", "google-chrome"]) {
      const file = path.join(folder, name);
      if (existsSync(file)) return file;
    }
  }
  throw new Error(
    "No Chromium on PATH: install Debian's chromium package, or set CHROMIUM_PATH to a browser.",
  );
}

export function launchBrowser(): Promise<Browser> {
  // Chromium refuses its own sandbox as root, as containers of CI run it; the pages are our own.
  const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({ executablePath: findChromium(), args });
}

export type Who = { email: string; password: string };

/** How long a page may take to show what it must: machines share two cores with the browser. */
export const patience = 60_000;

/** A fresh context in the course's zone; every visible wait gets `patience`. */
export async function openContext(
  browser: Browser,
  baseUrl: string,
  options: BrowserContextOptions = {},
): Promise<BrowserContext> {
  const context = await browser.newContext({
    baseURL: baseUrl,
    timezoneId: "America/Los_Angeles",
    ...options,
  });
  context.setDefaultTimeout(patience);
  return context;
}

/** Fills the sign-in form of the page at hand and waits until it led away. */
export async function signIn(page: Page, who: Who): Promise<void> {
  await page.getByLabel("E-mail").fill(who.email);
  await page.getByLabel("Password", { exact: true }).fill(who.password);
  await page.getByRole("main").getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL((url) => url.pathname !== "/sign-in");
}

/** Rules of axe that colours have to do with. */
const colourRules = ["color-contrast", "link-in-text-block"];

/**
 * Rules of axe that the page at hand breaks seriously in the light or in the dark, each with where; empty when none.
 * The page has to follow the system's colours, as one does whose reader has chosen none. It is left dark.
 */
export async function seriousFindings(page: Page): Promise<string[]> {
  // A page changes its colours once it has its script.
  await page.waitForLoadState("networkidle");
  await showColours(page, "light");
  const light = await findingsOf(new AxeBuilder({ page }));
  await showColours(page, "dark");
  // Whatever is no matter of colours has been looked for.
  const dark = await findingsOf(new AxeBuilder({ page }).withRules(colourRules));
  return [...light, ...dark.map((found) => `in the dark: ${found}`)];
}

async function showColours(page: Page, colorScheme: "light" | "dark"): Promise<void> {
  await page.emulateMedia({ colorScheme });
  await page.locator(`html[data-mantine-color-scheme="${colorScheme}"]`).waitFor({ state: "attached" });
}

async function findingsOf(axe: AxeBuilder): Promise<string[]> {
  const { violations } = await axe.analyze();
  return violations
    .filter((found) => found.impact === "serious" || found.impact === "critical")
    .map((found) => `${found.id}: ${found.nodes.map((node) => node.target.join(" ")).join(", ")}`);
}

/** Pixels by which the page is wider than the window; 0 when it does not scroll sideways. */
export function sidewaysScroll(page: Page): Promise<number> {
  return page.evaluate(() =>
    Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth),
  );
}

/**
 * Text of the cells that reach beyond the window's right edge, whether their box scrolls or not. Tables in a
 * tutorial's prose name no roles: they may scroll.
 */
export function cellsOffScreen(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll("main [role=cell]")]
      .filter((cell) => cell.getBoundingClientRect().right > document.documentElement.clientWidth)
      .map((cell) => cell.textContent ?? ""),
  );
}

/**
 * Text that does not stand out from what is behind it (WCAG AA), as "text: colour on colour"; empty when all of it
 * does. Needs no script of the page's, as axe does, so it also looks at pages without JavaScript.
 */
export function fadedTexts(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const parts = (colour: string) => (colour.match(/[\d.]+/g) ?? []).map(Number);
    const backdrop = (element: Element | null): string => {
      if (element === null) return "rgb(255, 255, 255)";
      const colour = getComputedStyle(element).backgroundColor;
      return parts(colour)[3] === 0 ? backdrop(element.parentElement) : colour;
    };
    const luminance = (colour: string) => {
      const [r = 0, g = 0, b = 0] = parts(colour).map((part) => {
        const share = part / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const found: string[] = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
      const element = node.parentElement;
      const text = node.textContent?.trim() ?? "";
      if (element === null || text === "" || !element.checkVisibility()) continue;
      if (element.closest(".sr, script, style, button:disabled")) continue;
      const { color } = getComputedStyle(element);
      const behind = backdrop(element);
      const [light = 0, dark = 0] = [luminance(color), luminance(behind)].sort((a, b) => b - a);
      if ((light + 0.05) / (dark + 0.05) < 4.5) found.push(`${text.slice(0, 40)}: ${color} on ${behind}`);
    }
    return found;
  });
}
