import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { keptPort } from "./kept-port.ts";

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "drydock-port-"));
  file = path.join(folder, "gateway-port");
});
afterEach(() => rm(folder, { recursive: true }));

test("the port of one start is the port of the next", async () => {
  const first = await keptPort(file, "127.0.0.1");
  expect(await keptPort(file, "127.0.0.1")).toBe(first);
});

test("a port that another program has taken is given up for a free one, which is kept then", async () => {
  const first = await keptPort(file, "127.0.0.1");
  const other = createServer().listen(first, "127.0.0.1");
  await once(other, "listening");
  const second = await keptPort(file, "127.0.0.1");
  other.close();
  expect(second).not.toBe(first);
  expect(Number(await readFile(file, "utf8"))).toBe(second);
});

test.each(["", "no port", "0", "70000"])("a file that says %j names no port", async (said) => {
  await writeFile(file, said);
  expect(await keptPort(file, "127.0.0.1")).toBeGreaterThan(0);
});
