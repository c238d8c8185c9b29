import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { diffHtml } from "#app/_ui/files/diff-html.ts";
import type { LineComparison } from "#grading/submissions/handed-in/compare-lines.ts";
import type { HandedIn } from "#infra/archives/handed-in-files.ts";
import type { Services } from "../../services.ts";
import { readChanges } from "./changes-view.ts";

/** Forty files whose every line is another one. */
const work = (submissionId: string, lines: number): HandedIn & { texts: Map<string, string> } => {
  const texts = new Map(
    Array.from({ length: 40 }, (_, n) => [
      `m${n}.py`,
      Array.from({ length: lines }, (_, i) => `x_${i} = "${submissionId} ${n}"`).join("\n"),
    ]),
  );
  const files = [...texts].map(([path, text]) => ({ path, bytes: text.length }));
  return { submissionId, storageKey: submissionId, fileName: "work.zip", files, texts };
};

/** Every line was removed and another one added; or the comparison was given up. */
const allChanged = (before: readonly string[], after: readonly string[]): LineComparison => ({
  ...{ outcome: "compared", added: after.length, removed: before.length },
  runs: [
    { kind: "removed", oldFrom: 1, newFrom: 1, lines: before.length },
    { kind: "added", oldFrom: before.length + 1, newFrom: 1, lines: after.length },
  ],
});
const givenUp = (): LineComparison => ({ outcome: "too-different" });

async function changesOf(lines: number, comparison: typeof allChanged) {
  const [older, newer] = [work("a", lines), work("b", lines)];
  const asked = { compare: 0, coloured: 0 };
  const services = {
    handedIn: {
      heads: async (_reader: string, { texts }: typeof older) => ({
        outcome: "ok",
        heads: [...texts].map(([path, text]) => ({
          ...{ path, bytes: text.length, head: Buffer.from(text) },
          sha256: createHash("sha256").update(text).digest("hex"),
        })),
      }),
    },
    code: {
      highlight: async (_reader: string, lines: string[]) => {
        asked.coloured += lines.join("\n").length;
        return lines.map((line) => [[line, ""] as const]);
      },
      compare: async (_reader: string, before: string[], after: string[]) => {
        asked.compare += 1;
        return comparison(before, after);
      },
    },
  } as unknown as Services;
  const view = await readChanges(services, "usr_1", { older, newer }, () => "python");
  if (view.outcome !== "compared") throw new Error(view.message);
  const html = view.changes.reduce(
    (sum, { diff }) => sum + (diff ? diffHtml(diff.runs, diff.older, diff.newer).length : 0),
    0,
  );
  return { ...asked, html, changes: view.changes };
}

test("a page shows no more of what changed than a browser can hold, and says why not the rest", async () => {
  const { html, coloured, compare, changes } = await changesOf(800, allChanged);
  expect(html).toBeLessThan(2_000_000);
  expect(coloured).toBeLessThan(600_000);
  expect(compare).toBeLessThan(20);
  const lines = { added: 800, removed: 800 };
  expect(changes[0]).toMatchObject({ why: null, lines });
  expect(changes.find(({ why }) => why === "not-shown")).toMatchObject({ lines, diff: null });
  expect(changes.at(-1)).toMatchObject({ why: "not-compared", lines: null, diff: null });
});

test("work that has nothing in common is compared a few times, and then no more", async () => {
  const { compare, changes } = await changesOf(3000, givenUp);
  expect(compare).toBeLessThan(10);
  expect([changes[0]?.why, changes.at(-1)?.why]).toEqual(["too-different", "not-compared"]);
});

test("what students change is all shown and coloured", async () => {
  const { changes, compare } = await changesOf(20, allChanged);
  expect([changes.every(({ diff }) => diff !== null), compare]).toEqual([true, 40]);
});
