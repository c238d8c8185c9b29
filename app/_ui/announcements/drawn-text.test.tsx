import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { DrawnText } from "./drawn.tsx";
import { drawText } from "./drawn-text.ts";
import { Markdown } from "./markdown.tsx";

test.each([
  "# Slides\n\nThey are **up**, see [here](https://example.org/a?b=c) and [there](//evil.example).",
  "| a | b |\n|:--|--:|\n| 1 | 2 |\n\n- [x] done\n- [ ] not\n\n1. one\n2. two",
  "<script>alert(1)</script> ![p](https://example.org/p.png) [x](javascript:alert(1)) `code`\n\n```sh\nls\n```",
  "",
])("a preview is what the page draws, also after its way to the browser: %j", (text) => {
  const sent = JSON.parse(JSON.stringify(drawText(text)));
  const preview = renderToStaticMarkup(<DrawnText drawn={sent} />);
  expect(preview).toBe(renderToStaticMarkup(<Markdown text={text} />));
  expect(preview).not.toMatch(/<script|<img|javascript:/);
});
