import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";

const folder = "node_modules/@fontsource-variable";

/** The faces of a family, as its package states them. */
async function facesOf(family: string): Promise<string[]> {
  const css = await readFile(`${folder}/${family}/index.css`, "utf8");
  return css.split("\n\n").map((face) =>
    face
      .trim()
      .replace("font-display: swap", "font-display: optional")
      .replace("url(./files/", `url(../${folder}/${family}/files/`)
      .replaceAll("'", '"')
      .replaceAll(/(?<=[0-9A-F]),(?=U\+)/g, ", "),
  );
}

test("fonts.css has the packages' faces, none of which sets a text anew that is there already", async () => {
  // The Latin letters of Inter are in fonts.ts.
  const faces = [
    ...(await facesOf("inter")).filter((face) => !face.includes("inter-latin-wght-normal")),
    ...(await facesOf("jetbrains-mono")),
  ];
  expect(faces.length).toBeGreaterThan(8);
  const [, ...written] = squeezed(await readFile("app/fonts.css", "utf8")).split(/(?=\/\* [a-z])/);
  expect(written.map(squeezed)).toEqual(faces.map(squeezed));
});

/** However the lines are broken. */
const squeezed = (css: string) => css.replaceAll(/\s+/g, " ").trim();
