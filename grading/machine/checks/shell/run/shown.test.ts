import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { CheckContext } from "../../kit/define-check.ts";
import { runInContainer } from "./run-script.ts";
import { scriptSettings } from "./script-settings.ts";

let hiddenDir: string;
beforeAll(async () => {
  hiddenDir = await mkdtemp(path.join(os.tmpdir(), "drydock-hidden-"));
  await writeFile(path.join(hiddenDir, "answers.py"), "#!/usr/bin/env python3\nprint('CANARY')\n");
});
afterAll(() => rm(hiddenDir, { recursive: true }));

/** Titles of the excerpts that the check begins before it asks the engine for a container. */
async function begun(settings: object): Promise<string[]> {
  const excerpt = vi.fn();
  const stop = new Error("The engine was asked.");
  const context = {
    submissionDir: hiddenDir,
    hiddenDir,
    docker: { createContainer: () => Promise.reject(stop) },
    signal: new AbortController().signal,
    shown: { excerpt },
    staff: () => undefined,
  } as unknown as CheckContext;
  const parsed = scriptSettings.parse({ image: "python:3.13-slim", ...settings });
  await expect(runInContainer(context, parsed)).rejects.toBe(stop);
  return excerpt.mock.calls.map(([title]) => title as string);
}

test("what a student's own program writes is shown", async () => {
  expect(await begun({ command: ["python3", "main.py"] })).toEqual(["What your program wrote"]);
});

test("nothing is shown of what a hidden script writes, or of what runs beside a hidden file", async () => {
  expect(await begun({ script: "answers.py" })).toEqual([]);
  expect(await begun({ command: ["python3", "main.py"], files: ["answers.py"] })).toEqual([]);
});
