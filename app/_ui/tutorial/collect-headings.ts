export interface Heading {
  id: string;
  text: string;
  level: 2 | 3;
}

/** As much of a hast node as this looks at. */
interface Node {
  type: string;
  tagName?: string;
  value?: string;
  properties?: Record<string, unknown>;
  children?: Node[];
}

/** A rehype plugin that fills `into` with the page's h2 and h3; runs after rehype-slug gave them ids. */
export function collectHeadings(into: Heading[]): (tree: Node) => void {
  return (tree) => {
    for (const node of tree.children ?? []) {
      if (node.tagName !== "h2" && node.tagName !== "h3") continue;
      into.push({
        id: String(node.properties?.id ?? ""),
        text: textOf(node),
        level: node.tagName === "h2" ? 2 : 3,
      });
    }
  };
}

const textOf = (node: Node): string => node.value ?? (node.children ?? []).map(textOf).join("");
