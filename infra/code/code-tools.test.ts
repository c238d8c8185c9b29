import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { codeThread } from "./code-program.ts";
import { createCodeTools } from "./code-tools.ts";

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), "drydock-code-"));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const tools = createCodeTools(codeThread(false));

describe("code is coloured in a thread of its own", () => {
  it("changes no character of it, and gives words colours for the light and for the dark", async () => {
    const lines = ["FROM debian:12  # base", "", '\tRUN echo "a  b" && \\', "    true <script>&amp;"];
    const coloured = await tools.highlight("usr_1", lines, "dockerfile");
    expect(coloured?.map((line) => line.map(([text]) => text).join(""))).toEqual(lines);
    const tones = new Set(coloured?.flatMap((line) => line.map(([, tone]) => tone)));
    expect(tones.size).toBeGreaterThan(2);
    for (const tone of tones) expect(tone).toMatch(/^([0-9a-f]{12})?$/);
  });

  it("leaves a line plain that is too long, and goes on with the next", async () => {
    const lines = [`x = "${"a".repeat(300_000)}"`, "import os"];
    const coloured = await tools.highlight("usr_1", lines, "python");
    expect(coloured?.[0]).toEqual([[lines[0], ""]]);
    expect(coloured?.[1]?.length).toBeGreaterThan(1);
  });

  it("compares lines", async () => {
    expect(await tools.compare("usr_1", ["a", "b"], ["a", "c"])).toMatchObject({ added: 1, removed: 1 });
  });
});

describe("work that does not end is ended", () => {
  // Stands in for the thread: what it is told to highlight never comes, comparing works.
  const stuck = async () => {
    const file = path.join(dir, "stuck.mjs");
    await writeFile(
      file,
      `import { parentPort } from "node:worker_threads";
       parentPort.on("message", ({ id, order }) => {
         parentPort.postMessage({ id, begun: true });
         if (order.task === "highlight") for (;;);
         parentPort.postMessage({ id, compared: { outcome: "compared", added: 0, removed: 0, runs: [] } });
       });`,
    );
    return createCodeTools(file, { workMs: 200, loadMs: 20_000, cacheBytes: 1000 });
  };

  it("is shown plain, is not tried again, and the next work has a thread that answers", async () => {
    const tools = await stuck();
    expect(await tools.highlight("usr_1", ["a"], "python")).toBeNull();
    const start = performance.now();
    expect(await tools.highlight("usr_1", ["a"], "python")).toBeNull();
    expect(performance.now() - start).toBeLessThan(150);
    expect(await tools.compare("usr_1", ["a"], ["a"])).toMatchObject({ outcome: "compared" });
  });

  it("keeps nobody else waiting for more than one of them", async () => {
    const tools = await stuck();
    const order: string[] = [];
    const done = (who: string) => (result: unknown) =>
      void order.push(result === null ? `${who} given up` : who);
    const many = Array.from({ length: 5 }, (_, n) =>
      tools.highlight("usr_many", [`${n}`], "python").then(done("many")),
    );
    const one = tools.compare("usr_one", ["a"], ["a"]).then(done("one"));
    await Promise.all([...many, one]);
    expect(order.indexOf("one")).toBeLessThanOrEqual(1);
  });

  it("is trouble of ours when the thread dies, and the next work has another one", async () => {
    const file = path.join(dir, "dies.mjs");
    await writeFile(
      file,
      'import { parentPort } from "node:worker_threads"; parentPort.on("message", () => process.exit(3));',
    );
    const dying = createCodeTools(file);
    await expect(dying.compare("usr_1", [], [])).rejects.toThrow("ended with 3");
    await expect(dying.compare("usr_1", [], [])).rejects.toThrow("ended with 3");
  });
});
