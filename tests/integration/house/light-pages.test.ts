import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { build } from "esbuild";
import { expect, test } from "vitest";

const widgets = "app/_ui/page/widgets.tsx";

/** Of each page, and of what stands round all of them, the files it is made of and the packages they load. */
async function madeOf(): Promise<Map<string, Map<string, string[]>>> {
  const names = await readdir("app", { recursive: true });
  const entries = names
    .filter((name) => /(?:^|\/)(?:page|layout|error|not-found)\.tsx$/.test(name))
    .map((name) => path.posix.join("app", name));
  const { metafile } = await build({
    ...{ entryPoints: entries, outdir: "unused", write: false, metafile: true },
    ...{ bundle: true, platform: "node", format: "esm", packages: "external", jsx: "automatic" },
    loader: { ".svg": "file" },
    external: ["*.woff2"],
    logLevel: "error",
  });
  return new Map(entries.map((entry) => [entry, reached(metafile.inputs, entry)]));
}

type Inputs = Record<string, { imports: { path: string; external?: boolean }[] }>;

function reached(inputs: Inputs, from: string, seen = new Map<string, string[]>()): Map<string, string[]> {
  if (seen.has(from)) return seen;
  const imports = inputs[from]?.imports ?? [];
  seen.set(
    from,
    imports.filter(({ external }) => external === true).map(({ path: name }) => name),
  );
  for (const one of imports) if (one.external !== true) reached(inputs, one.path, seen);
  return seen;
}

test("a page loads Mantine's code only inside of Widgets, so that pages of text do without", async () => {
  const pages = await madeOf();
  expect(pages.size).toBeGreaterThan(10);
  expect([...(pages.get("app/(public)/page.tsx")?.keys() ?? [])]).toContain("app/_ui/page/links.tsx");
  const found: string[] = [];
  const without: string[] = [];
  for (const [page, files] of pages) {
    if (files.has(widgets)) continue;
    without.push(page);
    for (const [file, packages] of files) {
      for (const name of packages) {
        if (/^@mantine\/(?!.*\.css$)/.test(name)) found.push(`${page} reaches ${name} by ${file}`);
      }
    }
  }
  expect(found, "use app/_ui/plain, or WidgetShell for the page").toEqual([]);
  expect(without).toEqual(
    expect.arrayContaining([
      "app/layout.tsx",
      "app/(public)/page.tsx",
      "app/(public)/sign-in/page.tsx",
      "app/(student)/courses/[course]/page.tsx",
      "app/(student)/courses/[course]/assignments/[assignment]/page.tsx",
      "app/(student)/courses/[course]/submissions/page.tsx",
      "app/(staff)/courses/[course]/submissions/all/page.tsx",
    ]),
  );
});

test("links go through app/_ui/page/links.tsx: Next's own fetches every page whose link is in sight", async () => {
  const names = (await readdir("app", { recursive: true })).filter((name) => /\.tsx?$/.test(name));
  const bare: string[] = [];
  for (const name of names) {
    if (/from "next\/link"/.test(await readFile(path.join("app", name), "utf8"))) bare.push(name);
  }
  expect(bare).toEqual([]);
});
