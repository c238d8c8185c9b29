import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";

const dark = ':root[data-mantine-color-scheme="dark"]';
/** Goes before both colour schemes, whatever the page says of itself. */
const forced = ":root:root[data-mantine-color-scheme]";

/** What the first rule with this selector sets, by name: variables of ours and of Mantine's. */
async function variablesOf(sheet: string, selector: string): Promise<Record<string, string>> {
  const css = await readFile(`app/${sheet}`, "utf8");
  const [, after = ""] = css.split(`${selector} {\n`);
  const [own = ""] = after.split("}");
  return Object.fromEntries([...own.matchAll(/(--[a-z-]+[0-9]?): ([^;]+);/g)].map(([, ...pair]) => pair));
}

const ours = (variables: Record<string, string>) =>
  Object.fromEntries(Object.entries(variables).filter(([name]) => !name.startsWith("--mantine")));

test("without a script the dark has the colours that it has with one", async () => {
  const wanted = await variablesOf("globals.css", dark);
  expect(Object.keys(wanted).length).toBeGreaterThan(15);
  const written = await variablesOf("no-script.css", forced);
  expect(ours(written)).toEqual(wanted);
  const theme = await variablesOf("theme.css", `${dark},\n:host([data-mantine-color-scheme="dark"])`);
  for (const name of ["error", "placeholder", "dimmed"].map((one) => `--mantine-color-${one}`)) {
    expect(written[name], name).toBe(theme[name]);
  }
});

test("paper has the light's colours, and is white", async () => {
  const { "--page-width": _width, ...light } = await variablesOf("globals.css", ":root");
  expect(ours(await variablesOf("print.css", forced))).toEqual({
    ...light,
    // A line is darker where no screen shines through it.
    ...{ "--line": "#c4cad0", "--surface": "#ffffff", "--raised": "#ffffff", "--code-bg": "#ffffff" },
  });
});
