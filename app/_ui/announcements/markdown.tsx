import type { ComponentProps } from "react";
import ReactMarkdown from "react-markdown";
import rehypeSanitize, { defaultSchema } from "rehype-sanitize";
import remarkGfm from "remark-gfm";
import classes from "./announcements.module.css";

/** Without images: a picture of another host tells that host who reads. */
const schema = {
  ...defaultSchema,
  tagNames: (defaultSchema.tagNames ?? []).filter((name) => name !== "img" && name !== "input"),
};

/** No script, no picture, no HTML of their own. Headings stand below the page's. */
export const markdownOptions: ComponentProps<typeof ReactMarkdown> = {
  remarkPlugins: [remarkGfm],
  rehypePlugins: [[rehypeSanitize, schema]],
  skipHtml: true,
  components: { h1: "h3", h2: "h3", h3: "h4", h4: "h5", a: Link },
};

/** Staff's text, on the server. */
export function Markdown({ text }: { text: string }) {
  return (
    <div className={classes.text}>
      <ReactMarkdown {...markdownOptions}>{text}</ReactMarkdown>
    </div>
  );
}

/** An address without a scheme could be of any host: it stays a text. */
function Link({ href = "", children }: ComponentProps<"a">) {
  if (href.startsWith("//")) return <span>{children}</span>;
  return (
    <a href={href} rel="noreferrer nofollow">
      {children}
    </a>
  );
}
