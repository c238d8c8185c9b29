import { MantineProvider } from "@mantine/core";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { cssVariables, theme } from "./theme.ts";

/** Pages of text have the theme's variables without Mantine's code: written down here, as Mantine reckons them. */
test("theme.css is what Mantine makes of the theme: after a change, run this test with -u", async () => {
  const html = renderToStaticMarkup(
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} withGlobalClasses={false} />,
  );
  const [, css = ""] = /<style[^>]*>(.*?)<\/style>/s.exec(html) ?? [];
  const lines = css
    .replaceAll(/;\s*/g, ";\n")
    .replaceAll(/\s*\{\s*/g, " {\n")
    .replaceAll(/\n?\}\s*/g, "\n}\n\n")
    .replaceAll(", :host", ",\n:host")
    .replaceAll(/^(?=--)/gm, "  ")
    .replaceAll("'", '"');
  await expect(`/* Made from theme.ts by theme.test.tsx. */\n\n${lines.trim()}\n`).toMatchFileSnapshot(
    "./theme.css",
  );
});
