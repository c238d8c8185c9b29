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
const plugins = [remarkGfm];
const sanitizers: ComponentProps<typeof ReactMarkdown>["rehypePlugins"] = [[rehypeSanitize, schema]];

/** Staff's text, on the server: no script, no picture, no HTML of their own. Headings stand below the page's. */
export function Markdown({ text }: { text: string }) {
  return (
    <div className={classes.text}>
      <ReactMarkdown
        remarkPlugins={plugins}
        rehypePlugins={sanitizers}
        skipHtml
        components={{ h1: "h3", h2: "h3", h3: "h4", h4: "h5", a: Link }}
      >
        {text}
      </ReactMarkdown>
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
