import { evaluate } from "@mdx-js/mdx";
import rehypeShiki, { type RehypeShikiOptions } from "@shikijs/rehype";
import { Fragment, jsx, jsxs } from "react/jsx-runtime";
import rehypeSlug from "rehype-slug";
import remarkGfm from "remark-gfm";
import { collectHeadings, type Heading } from "./collect-headings.ts";

export interface CompiledTutorial {
  /** Renders the page; components: Note, Exercise, pre, table and others by name. */
  Content: Awaited<ReturnType<typeof evaluate>>["default"];
  /** h2 and h3 in order, with the ids that links point at. */
  headings: Heading[];
}

const highlighting: RehypeShikiOptions = {
  // Both pass WCAG AA for every token on the page's code background.
  themes: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" },
  defaultColor: false,
  // Only the languages that a page uses are loaded; all of them take ten seconds.
  langs: [],
  lazy: true,
  defaultLanguage: "text",
  fallbackLanguage: "text",
  transformers: [
    {
      name: "name-of-file",
      // ```python title="app/server.py" and the language go on to the component that draws the block.
      pre(node) {
        const raw = String(this.options.meta?.__raw ?? "");
        node.properties["data-title"] = /title="([^"]*)"/.exec(raw)?.[1];
        node.properties["data-lang"] = this.options.lang;
        // Reachable by keyboard only where the component decides so.
        node.properties.tabindex = undefined;
      },
    },
  ],
};

/** MDX of a course's own files (never a student's text) to a React component and its contents. */
export async function compileTutorial(source: string): Promise<CompiledTutorial> {
  const headings: Heading[] = [];
  const { default: Content } = await evaluate(source, {
    Fragment,
    jsx,
    jsxs,
    remarkPlugins: [remarkGfm],
    rehypePlugins: [rehypeSlug, [collectHeadings, headings], [rehypeShiki, highlighting]],
  });
  return { Content, headings };
}
