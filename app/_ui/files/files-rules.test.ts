import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { codeHtml, lineHtml, toneRules } from "./code-html.ts";
import { diffHtml } from "./diff-html.ts";
import { fileAddress, pathOfParts } from "./file-address.ts";
import { kindOf } from "./language-of.ts";
import { lineHash, readLineRange } from "./line-range.ts";
import { filesNear, treeOf } from "./tree-of.ts";
import { visibleParts, visibleText } from "./visible-text.ts";

/** Any text, with what is hostile in it more often than by chance. */
const hostile = fc
  .array(
    fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom(
        "<script>",
        "</code>",
        "\u202e",
        "\u2066",
        "\u200b",
        "\ufeff",
        "\u0000",
        "\u001b[31m",
        '"',
        "'",
        "&lt;",
        "&#60;",
      ),
    ),
  )
  .map((parts) => parts.join(""));

/** What a browser reads of HTML that has only our own tags: text, and the characters that marks stand for. */
function readBack(html: string): string {
  return html.replace(
    /<b title="[^"<>]*" data-c="([0-9A-F]+)">[^<]*<\/b>|<\/?i(?: class="k[0-9a-f]{12}")?>|&#(\d+);/g,
    (_all, mark: string | undefined, escaped: string | undefined) => {
      if (mark !== undefined) return String.fromCodePoint(Number.parseInt(mark, 16));
      return escaped === undefined ? "" : String.fromCodePoint(Number(escaped));
    },
  );
}

describe("what a student wrote, as HTML", () => {
  it("is the same text again, and never a tag, whatever it holds", () => {
    fc.assert(
      fc.property(hostile, fc.constantFrom("", "0349b491cbff", 'x"onload="'), (text, tone) => {
        const html = lineHtml([[text, tone]]);
        const bare = html
          .replace(/<b title="U\+[0-9A-F]+ [a-z A-Z-]+" data-c="[0-9A-F]+">U\+[0-9A-F]+<\/b>/g, "")
          .replace(/<i class="k[0-9a-f]{12}">|<\/i>/g, "");
        expect(bare).not.toMatch(/[<>"']/);
        expect(bare).not.toMatch(/[\p{Bidi_Control}\u200b\ufeff]/u);
        expect(readBack(html)).toBe(text);
      }),
    );
  });

  it("has a link for each line, and colours only from tones that are some", () => {
    const html = codeHtml([[["a", "0349b491cbff"]], [["b", ""]]]);
    expect(html).toContain('<div id="L2"><a href="#L2" tabindex="-1">2</a><code>b</code></div>');
    expect(toneRules([[["a", "0349b491cbff"]], [["b", "}body{"]]])).toBe(
      ".k0349b491cbff{color:light-dark(#0349b4,#91cbff)}",
    );
  });

  it("names characters that cannot be seen where they stand", () => {
    expect(visibleParts("a\u202eb\tc")).toEqual([
      { kind: "text", text: "a" },
      { kind: "mark", character: "\u202e", code: "U+202E", name: "right-to-left override" },
      { kind: "text", text: "b\tc" },
    ]);
    expect(visibleText("x\u200b.py")).toBe("x[U+200B].py");
  });
});

describe("addresses", () => {
  it("lead back to the path that they were made of", () => {
    const name = fc
      .string({ unit: "grapheme", minLength: 1, maxLength: 40 })
      .filter((one) => !one.includes("/"));
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 5 }), (names) => {
        const address = fileAddress("sub_1", names.join("/"));
        expect(address).not.toMatch(/[?#"<> ]/);
        expect(pathOfParts(address.split("/").slice(4))).toBe(names.join("/"));
      }),
    );
    expect(pathOfParts(["%E0%A4%A"])).toBeNull();
  });

  it("name one line or several", () => {
    expect(readLineRange("#L10")).toEqual({ from: 10, to: 10 });
    expect(readLineRange("#L20-L10")).toEqual({ from: 10, to: 20 });
    expect(readLineRange("7-9")).toEqual({ from: 7, to: 9 });
    for (const other of ["", "#log", "L0", "#L1-", "#L1-L2-L3", "#L12345678"])
      expect(readLineRange(other), other).toBeNull();
    expect([lineHash({ from: 3, to: 3 }), lineHash({ from: 3, to: 5 })]).toEqual(["L3", "L3-L5"]);
  });
});

describe("a list of files", () => {
  it("becomes folders with their sums, folders first", () => {
    const tree = treeOf([
      { path: "b.txt", bytes: 1 },
      { path: "src/deep/x.py", bytes: 10 },
      { path: "src/a.py", bytes: 100 },
    ]);
    expect(tree).toMatchObject({
      count: 3,
      bytes: 111,
      folders: [
        { name: "src", count: 2, bytes: 110, folders: [{ name: "deep", path: "src/deep", count: 1 }] },
      ],
      files: [{ name: "b.txt" }],
    });
  });

  it("keeps every file once, also of names like those of an object's own", () => {
    const name = fc.constantFrom("a", "b", "__proto__", "constructor", "toString");
    const paths = fc.uniqueArray(
      fc.array(name, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/")),
    );
    fc.assert(
      fc.property(paths, (list) => {
        // As an archive is taken: nothing is a file and a folder.
        const files = list.filter((path) => !list.some((other) => other.startsWith(`${path}/`)));
        expect(treeOf(files.map((path) => ({ path, bytes: 1 })))).toMatchObject({
          count: files.length,
          bytes: files.length,
        });
      }),
    );
  });

  it("says what files are by their names", () => {
    expect(kindOf("web/Dockerfile").language).toBe("dockerfile");
    expect(kindOf("Dockerfile.dev").language).toBe("dockerfile");
    expect(kindOf("a/b.YML").language).toBe("yaml");
    expect(kindOf("constructor").language).toBeNull();
    expect(kindOf("py").language).toBeNull();
  });
});

describe("a diff", () => {
  const lines = (count: number) => Array.from({ length: count }, (_, i) => [[`line ${i + 1}`, ""] as const]);

  it("folds what is unchanged, but for three lines around a change", () => {
    const html = diffHtml(
      [
        { kind: "same", oldFrom: 1, newFrom: 1, lines: 10 },
        { kind: "added", oldFrom: 11, newFrom: 11, lines: 1 },
      ],
      lines(10),
      lines(11),
    );
    expect(html).toContain("<summary>7 unchanged lines</summary>");
    expect(html.split("</details>")[1]?.match(/data-kind="same"/g)).toHaveLength(3);
    expect(html).toContain('<div data-kind="added"><span></span><span>11</span>');
  });

  it("says of very many unchanged lines only how many they are", () => {
    const html = diffHtml([{ kind: "same", oldFrom: 1, newFrom: 1, lines: 5000 }], lines(5000), lines(5000));
    expect(html).toBe("<p>5000 unchanged lines, not shown</p>");
  });
});

describe("of many files those near the one that is shown", () => {
  const files = [
    ...Array.from({ length: 500 }, (_, n) => ({ path: `a/${String(n).padStart(3, "0")}.py` })),
    { path: "a/deeper/x.py" },
    { path: "b.py" },
  ];
  it.each([
    ["a/000.py", 20, "a/000.py", "a/019.py"],
    ["a/250.py", 20, "a/240.py", "a/259.py"],
    ["a/499.py", 20, "a/480.py", "a/499.py"],
    ["b.py", 1, "b.py", "b.py"],
    ["a/deeper/x.py", 1, "a/deeper/x.py", "a/deeper/x.py"],
  ])("%s", (current, count, first, last) => {
    const near = filesNear(files, current, 20);
    expect([near.length, near[0]?.path, near.at(-1)?.path]).toEqual([count, first, last]);
    expect(near.some(({ path }) => path === current)).toBe(true);
  });
});
