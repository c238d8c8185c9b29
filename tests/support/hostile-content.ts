import fc from "fast-check";
import type { CommandResult } from "#grading/machine/checks/kit/define-check.ts";

/** A manifest as it should be. */
export const pod =
  "apiVersion: v1\nkind: Pod\nmetadata: { name: p }\nspec: { containers: [{ name: c, image: busybox }] }\n";

/** Pieces of what students hand in, put together as no student would. */
const piece = fc.oneof(
  fc.constantFrom(
    "FROM busybox:latest\n",
    "FROM Ubuntu:22.04\n",
    "FROM ..%2f..%2finfo#\n",
    "FROM a AS b\n",
    "FROM b\n",
    "FROM\n",
    "ARG A=\n",
    "FROM $A\n",
    "# syntax=x\n",
    "// syntax=x\n",
    "# escape=`\n",
    "COPY --from=a . .\n",
    "RUN <<E\n",
    "CMD [\n",
    "ENV A=\n",
    "USER \n",
    "MEMORY=",
    "CPUS=",
    "IMAGE=127.0.0.1:5000/",
    "64m",
    "0.5",
    "1e999",
    "-1",
    ":",
    "&a ",
    "*a ",
    "<<: ",
    "---\n",
    "{",
    "}",
    "[",
    "]",
    "- ",
    "apiVersion: v1\n",
    "kind: Pod\n",
    "kind: List\nitems:\n",
    "metadata: ",
    "{ name: p }\n",
    "spec: ",
    "  template:\n",
    "null",
    "~",
    "!!js/function x",
    "!!binary ",
    "\t",
    "\r\n",
    "\r",
    "\0",
    "\uFEFF",
    "\u2028",
    "%YAML 1.1\n",
    "q: a\n",
    "'",
    '"',
    "\\\n",
    "__proto__: ",
    "constructor: ",
    pod,
  ),
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.nat(60).map((depth) => "[".repeat(depth)),
  fc.nat(60).map((depth) => '{"a":'.repeat(depth)),
  fc.constantFrom("[", "- ", "? ", '{"a":').map((opening) => opening.repeat(5_000)),
);
/** A file of a submission: pieces in any order, or bytes. */
export const hostileText = fc.oneof(
  fc.array(piece, { maxLength: 25 }).map((all) => all.join("")),
  fc.uint8Array({ maxLength: 200 }),
);
/** What a command in the machine ended with. */
export const anyResult = fc.record({
  exitCode: fc.constantFrom(0, 1, 125, 137, null),
  ended: fc.constantFrom("exited", "timed-out", "output-flood", "cancelled"),
  stdout: fc.string({ unit: "binary" }),
  stderr: fc.oneof(
    fc.string({ unit: "binary" }),
    fc
      .constantFrom(
        'source "',
        '" denied by policy',
        "failed to parse",
        ">>> x",
        'process "a"',
        "#1 ERROR: process",
      )
      .map((said) => said.repeat(3)),
  ),
  durationMs: fc.nat(),
}) as fc.Arbitrary<CommandResult>;
