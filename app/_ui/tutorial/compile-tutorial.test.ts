import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { compileTutorial } from "./compile-tutorial.ts";

const source = `# Title

## First part

Text with \`code\`.

\`\`\`python title="app/server.py"
print("hello")
\`\`\`

### Detail of **it**

<Note kind="tip">Watch out</Note>

| a | b |
| - | - |
| 1 | 2 |
`;

const Note = (props: { kind: string }) => createElement("aside", { "data-kind": props.kind });

describe("a tutorial's page", () => {
  it("lists its headings with the ids that links point at", async () => {
    const { headings } = await compileTutorial(source);
    expect(headings).toEqual([
      { id: "first-part", text: "First part", level: 2 },
      { id: "detail-of-it", text: "Detail of it", level: 3 },
    ]);
  });

  it("draws notes, tables, and code that knows its file's name and language", async () => {
    const { Content } = await compileTutorial(source);
    const html = renderToStaticMarkup(createElement(Content, { components: { Note } }));
    expect(html).toContain('<aside data-kind="tip">');
    expect(html).toContain("<table>");
    expect(html).toContain('data-title="app/server.py"');
    expect(html).toContain('data-lang="python"');
    expect(html).toContain("--shiki-dark");
  });
});
