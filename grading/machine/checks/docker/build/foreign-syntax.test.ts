import { DockerfileParser } from "dockerfile-ast";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findSyntax, withoutSyntax } from "./foreign-syntax.ts";

const from = "FROM busybox:latest\n";

describe("a syntax that a Dockerfile asks for", () => {
  test.each([
    ["# syntax", `# syntax=evil/x:1\n${from}`, 1, "hash"],
    ["#SYNTAX without spaces", `#SYNTAX=evil/x:1\n${from}`, 1, "hash"],
    ["with spaces around", `#   syntax \t =  evil/x:1  \r\n${from}`, 1, "hash"],
    ["after another directive", `# escape=\`\n# syntax=evil/x:1\n${from}`, 2, "hash"],
    ["after a byte-order mark", `\uFEFF# syntax=evil/x:1\n${from}`, 1, "hash"],
    ["after #!", `#!/usr/bin/env x\n# syntax=evil/x:1\n${from}`, 2, "hash"],
    ["// syntax", `// syntax=evil/x:1\n${from}`, 1, "slashes"],
    ["//syntax after another", `//escape=\`\n//syntax=evil/x:1\n${from}`, 2, "slashes"],
    ["// after #! and a mark", `\uFEFF#!x\n//syntax=evil/x:1\n${from}`, 2, "slashes"],
    ["JSON", '{"syntax":"evil/x:1"}', 1, "json"],
    ["JSON on several lines", '\n{\n "a": "b",\n "syntax": "evil/x:1" }\n', 1, "json"],
  ] as const)("is found: %s", (_name, text, line, form) => {
    expect(findSyntax(text)).toEqual({ value: "evil/x:1", line, form });
  });

  test.each([
    ["after an ordinary comment", `# hello\n# syntax=evil/x:1\n${from}`],
    ["after an instruction", `${from}# syntax=evil/x:1\n`],
    ["after an empty line", `\n# syntax=evil/x:1\n${from}`],
    ["with no value", `# syntax=\n${from}`],
    ["in JSON that is not all of the file", `{"syntax":"evil/x:1"}\n${from}`],
    ["in JSON that is no text", '{"syntax":["evil/x:1"]}'],
    ["in null", "null"],
  ])("is none: %s", (_name, text) => expect(findSyntax(text)).toBeNull());

  test("is taken out line for line, and the other directives stay directives", () => {
    const text = `#!x\n# syntax=docker/dockerfile:1\n# escape=\`\n\n${from}`;
    const asked = findSyntax(text);
    if (asked === null) throw new Error("It asks for one.");
    expect(withoutSyntax(text, asked)).toBe(
      `#!x\n# escape=\`\n# (built-in) syntax=docker/dockerfile:1\n\n${from}`,
    );
  });

  test("is taken out of what an editor on Windows wrote, and its mark does not come to stand in the middle", () => {
    const text = `\uFEFF# syntax=docker/dockerfile:1\r\n# escape=\`\r\n${from}`;
    const asked = findSyntax(text);
    if (asked === null) throw new Error("It asks for one.");
    const left = withoutSyntax(text, asked);
    expect(left).toBe(`# escape=\`\r\n# (built-in) syntax=docker/dockerfile:1\r\n${from}`);
    expect(DockerfileParser.parse(left).getEscapeCharacter()).toBe("`");
  });

  test("is gone once it was taken out, whatever stands around it", () => {
    const lines = fc.constantFrom(
      "# syntax=a",
      "#syntax=b",
      "# escape=`",
      "# check=x",
      "// syntax=c",
      "#!s",
      "",
      "FROM a",
    );
    fc.assert(
      fc.property(fc.constantFrom("", "\uFEFF"), fc.array(lines, { maxLength: 6 }), (mark, all) => {
        const text = mark + all.join("\n");
        const asked = findSyntax(text);
        if (asked?.form !== "hash") return;
        const left = withoutSyntax(text, asked);
        expect(left.split("\n")).toHaveLength(all.length);
        expect(left).not.toContain("\uFEFF");
        expect(findSyntax(left)).toBeNull();
      }),
    );
  });

  test("of any text is looked for in time that grows as the text does", () => {
    for (const text of [
      "# syntax=".padEnd(256 * 1024),
      `#${" ".repeat(256 * 1024)}x`,
      "[".repeat(256 * 1024),
    ])
      expect(findSyntax(text)).toBeNull();
  });
});
