import { readdir, readFile } from "node:fs/promises";
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

/** What Mantine, shiki and Next set. */
const ofLibraries = /^--(mantine|slider|shiki|font)-/;

test("no style sheet names a variable of ours that nothing sets", async () => {
  const files = (await readdir("app", { recursive: true })).filter((name) => /\.(css|tsx?)$/.test(name));
  const texts = await Promise.all(
    files.map(async (name) => [name, await readFile(`app/${name}`, "utf8")] as const),
  );
  // In a sheet as "--line: …", in a component as "--measure": …
  const set = new Set(
    texts.flatMap(([, text]) => [...text.matchAll(/(--[a-z-]+[0-9]?)"?:/g)].map(([, name]) => name)),
  );
  const sheets = texts.filter(([name]) => name.endsWith(".css"));
  const unknown = sheets.flatMap(([file, text]) =>
    [...text.matchAll(/var\((--[a-z-]+[0-9]?)/g)]
      .filter(([, name = ""]) => !ofLibraries.test(name) && !set.has(name))
      .map(([, name]) => `${file}: ${name}`),
  );
  expect(set.size).toBeGreaterThan(15);
  expect(unknown).toEqual([]);
});

test("paper has the light's colours, and is white", async () => {
  const { "--page-width": _width, ...light } = await variablesOf("globals.css", ":root");
  expect(ours(await variablesOf("print.css", forced))).toEqual({
    ...light,
    // A line is darker where no screen shines through it.
    ...{ "--line": "#c4cad0", "--surface": "#ffffff", "--raised": "#ffffff", "--code-bg": "#ffffff" },
  });
});
