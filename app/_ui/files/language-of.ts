/** What files are, by their names: the language that they are coloured in, and a word for people. */
interface FileKind {
  /** A name of shiki's; null is plain text. */
  language: string | null;
  word: string;
}

const kind = (language: string | null, word: string): FileKind => ({ language, word });

const byName = new Map<string, FileKind>(
  Object.entries({
    dockerfile: kind("dockerfile", "Dockerfile"),
    containerfile: kind("dockerfile", "Dockerfile"),
    makefile: kind("make", "Makefile"),
    "go.mod": kind(null, "Go module"),
    ".dockerignore": kind(null, "ignore list"),
    ".gitignore": kind(null, "ignore list"),
    ".env": kind("ini", "settings"),
  }),
);

const byEnding = new Map<string, FileKind>(
  Object.entries({
    dockerfile: kind("dockerfile", "Dockerfile"),
    yaml: kind("yaml", "YAML"),
    yml: kind("yaml", "YAML"),
    json: kind("json", "JSON"),
    py: kind("python", "Python"),
    js: kind("javascript", "JavaScript"),
    mjs: kind("javascript", "JavaScript"),
    cjs: kind("javascript", "JavaScript"),
    jsx: kind("jsx", "JavaScript"),
    ts: kind("typescript", "TypeScript"),
    mts: kind("typescript", "TypeScript"),
    tsx: kind("tsx", "TypeScript"),
    java: kind("java", "Java"),
    go: kind("go", "Go"),
    sh: kind("bash", "shell script"),
    bash: kind("bash", "shell script"),
    xml: kind("xml", "XML"),
    sql: kind("sql", "SQL"),
    toml: kind("toml", "TOML"),
    ini: kind("ini", "settings"),
    cfg: kind("ini", "settings"),
    conf: kind("ini", "settings"),
    properties: kind("ini", "settings"),
    md: kind("markdown", "Markdown"),
    html: kind("html", "HTML"),
    htm: kind("html", "HTML"),
    css: kind("css", "CSS"),
    tf: kind("terraform", "Terraform"),
    txt: kind(null, "text"),
    csv: kind(null, "table"),
    log: kind(null, "log"),
    svg: kind("xml", "SVG image"),
    png: kind(null, "PNG image"),
    jpg: kind(null, "JPEG image"),
    jpeg: kind(null, "JPEG image"),
    gif: kind(null, "GIF image"),
    webp: kind(null, "WebP image"),
    pdf: kind(null, "PDF"),
    zip: kind(null, "archive"),
    jar: kind(null, "Java archive"),
    gz: kind(null, "archive"),
    tgz: kind(null, "archive"),
    tar: kind(null, "archive"),
    class: kind(null, "Java class"),
  }),
);

export const languages: string[] = [
  ...new Set([...byName.values(), ...byEnding.values()].flatMap(({ language }) => language ?? [])),
];

/** What a file is by its name; other names are plain files. */
export function kindOf(path: string): FileKind {
  const name = (path.split("/").at(-1) ?? "").toLowerCase();
  const [stem = ""] = name.split(".");
  const ending = name.split(".").at(-1) ?? "";
  return (
    byName.get(name) ??
    (name.includes(".") ? byEnding.get(ending) : undefined) ??
    // Dockerfile.web, as they are often called.
    (stem === "dockerfile" ? byName.get(stem) : undefined) ??
    kind(null, "file")
  );
}
