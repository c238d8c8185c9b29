/** An element of what EC2 answers: it has either children or text, and no attributes that matter. */
export interface XmlElement {
  name: string;
  children: XmlElement[];
  text: string;
}

const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** Throws when the text is no XML of this simple kind. */
export function parseXml(source: string): XmlElement {
  const root: XmlElement = { name: "", children: [], text: "" };
  const open = [root];
  for (const [, closing, name, empty, text] of source.matchAll(/<(\/?)([\w:.-]+)[^<>]*?(\/?)>|([^<>]+)/g)) {
    const top = open.at(-1) as XmlElement;
    if (text !== undefined) top.text += unescapeXml(text);
    else if (closing) {
      if (open.length === 1 || top.name !== name) throw new Error(`XML closes ${name}, which is not open.`);
      open.pop();
      if (top.children.length > 0) top.text = "";
    } else {
      const element = { name: name as string, children: [], text: "" };
      top.children.push(element);
      if (!empty) open.push(element);
    }
  }
  const [document] = root.children;
  if (open.length !== 1 || !document) throw new Error("XML ends before its elements do.");
  return document;
}

export function printXml(element: XmlElement): string {
  const inner = element.children.map(printXml).join("") || escapeXml(element.text);
  const namespace = element.name.endsWith("Response")
    ? ' xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"'
    : "";
  return `<${element.name}${namespace}>${inner}</${element.name}>`;
}

/** Of `undefined` nothing is made, so that a reader sees no empty element where AWS sends none. */
type XmlContent = string | number | boolean | undefined | XmlElement[];

export function xml(name: string, content: XmlContent): XmlElement {
  return Array.isArray(content)
    ? { name, children: content, text: "" }
    : { name, children: [], text: String(content ?? "") };
}

/** The elements of those fields that are there. */
export function xmlFields(fields: Record<string, XmlContent>): XmlElement[] {
  return Object.entries(fields)
    .filter(([, content]) => content !== undefined)
    .map(([name, content]) => xml(name, content));
}

export function findXml(element: XmlElement | undefined, ...path: string[]): XmlElement | undefined {
  return path.reduce<XmlElement | undefined>(
    (at, name) => at?.children.find((child) => child.name === name),
    element,
  );
}

/** The text at the path, or "" where there is no such element. */
export function xmlText(element: XmlElement | undefined, ...path: string[]): string {
  return findXml(element, ...path)?.text ?? "";
}

export function setXml(element: XmlElement, name: string, content: XmlContent): void {
  const at = element.children.findIndex((child) => child.name === name);
  if (at >= 0) element.children[at] = xml(name, content);
  else element.children.push(xml(name, content));
}

function unescapeXml(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) => {
    if (hex) return String.fromCodePoint(Number.parseInt(hex, 16));
    if (decimal) return String.fromCodePoint(Number.parseInt(decimal, 10));
    return entities[name] ?? whole;
  });
}

function escapeXml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll("\r", "&#13;");
}
