import { readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { folderWith } from "#tests/support/files/folder-with.ts";
import { checkCatalogue } from "../machine/checks/catalogue.ts";
import { exerciseJsonSchema, expectFile } from "./exercise-file.ts";
import { loadExercise } from "./load-exercise.ts";
import { parseYaml } from "./yaml/parse-yaml.ts";

const text = await readFile(path.resolve("docs/exercises.md"), "utf8");

/** What `exercise check` says of an exercise with these checks. */
async function mistakes(checks: string, facilities = "{ kubernetes: { namespaces: [student, storage] } }") {
  const build = "- { id: build, kind: docker/build, title: The image builds, points: 1 }\n";
  const list = checks.includes("kind: docker/build") ? checks : `${build}${checks}`;
  const folder = await folderWith({
    "exercise.yaml": `slug: example\ntitle: Example\nfacilities: ${facilities}\nchecks:\n${list}\n`,
    "hidden/questions.yaml": "",
  });
  const loaded = await loadExercise(folder);
  return loaded.outcome === "ok" ? [] : loaded.problems.map(({ message }) => message);
}

const blocks = [...text.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, block = ""]) => block);
test.each(blocks)("this example is one that exercise check takes:\n%s", async (block) => {
  if (block.startsWith("# solutions/")) {
    expect(parseYaml(block, expectFile)).toMatchObject({ outcome: "ok" });
  } else if (block.startsWith("facilities:")) {
    expect(await mistakes("", block.replace(/^facilities:/, ""))).toEqual([]);
  } else {
    expect(block).toMatch(/^- /);
    expect(await mistakes(block)).toEqual([]);
  }
});

const rows = [...text.matchAll(/^\| `([a-z]+\/[a-z-]+)` +\|[^|]*\|(.*)\|$/gm)].map(
  ([, kind = "", cell = ""]) => ({
    kind,
    /** Settings that stand together, as they are written in `with`. */
    forms: cell.split("; or ").map((form) => [...form.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code)),
  }),
);

describe("the tables of kinds", () => {
  test("have every kind of check once", () => {
    expect(rows.map(({ kind }) => kind).sort()).toEqual([...checkCatalogue.keys()].sort());
  });

  test.each(rows)(
    "show settings of $kind that it has, and examples that exercise check takes",
    async (row) => {
      for (const form of row.forms) {
        const examples = form.filter((code) => code.includes(": "));
        const names = form.filter((code) => /^\w+$/.test(code));
        const known = Object.keys(withOf(row.kind));
        expect(names.filter((name) => !known.includes(name))).toEqual([]);
        if (examples.length === 0) continue;
        const settings = examples.map((example) => `    ${example}\n`).join("");
        expect(
          await mistakes(`- id: shown\n  kind: ${row.kind}\n  title: T\n  points: 1\n  with:\n${settings}`),
        ).toEqual([]);
      }
    },
  );
});

interface Schema {
  anyOf?: Schema[];
  oneOf?: Schema[];
  items?: Schema;
  const?: string;
  properties?: Record<string, Schema>;
}

/** What the published JSON Schema says of a kind's settings, by name. */
function withOf(kind: string): Record<string, Schema> {
  const { items } = (exerciseJsonSchema() as { properties: Record<string, Schema> }).properties.checks ?? {};
  const forms = items?.oneOf ?? items?.anyOf ?? [];
  return forms.find(({ properties }) => properties?.kind?.const === kind)?.properties?.with?.properties ?? {};
}
