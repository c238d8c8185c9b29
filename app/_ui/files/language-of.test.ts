import { expect, it } from "vitest";
import { codeThread } from "#infra/code/code-program.ts";
import { createCodeTools } from "#infra/code/code-tools.ts";
import { languages } from "./language-of.ts";

it("every language that files are given is one that the highlighter has", { timeout: 60_000 }, async () => {
  const tools = createCodeTools(codeThread(false));
  expect(languages.length).toBeGreaterThan(15);
  for (const language of languages)
    expect(await tools.highlight("usr_1", ["a = 1"], language), language).not.toBeNull();
});
