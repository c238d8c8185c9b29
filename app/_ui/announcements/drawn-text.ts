import { Fragment, isValidElement, type ReactNode } from "react";
import ReactMarkdown from "react-markdown";
import { markdownOptions } from "./markdown.tsx";

/** What the page would draw, as plain data: so that an action can answer with it. */
export type Drawn = string | { tag: string; props: Record<string, unknown>; children: Drawn[] };

/** Markdown as Markdown draws it, on the server, so that a preview is what will be read. */
export const drawText = (text: string): Drawn[] =>
  flatten(ReactMarkdown({ ...markdownOptions, children: text }));

function flatten(node: ReactNode): Drawn[] {
  if (typeof node === "string" || typeof node === "number") return [`${node}`];
  if (Array.isArray(node)) return node.flatMap((one: ReactNode) => flatten(one));
  if (!isValidElement<Record<string, unknown> & { children?: ReactNode }>(node)) return [];
  const { type } = node;
  if (type === Fragment) return flatten(node.props.children);
  // A component of ours, such as a link: what it draws.
  if (typeof type === "function") return flatten((type as (props: unknown) => ReactNode)(node.props));
  const { children, ...props } = node.props;
  return [{ tag: type as string, props, children: flatten(children) }];
}
