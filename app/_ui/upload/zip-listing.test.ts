import { buffer } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { ZipFile } from "yazl";
import { listZip } from "./zip-listing.ts";

async function zipOf(entries: Record<string, string>): Promise<Blob> {
  const zip = new ZipFile();
  for (const [name, text] of Object.entries(entries)) {
    if (name.endsWith("/")) zip.addEmptyDirectory(name);
    else zip.addBuffer(Buffer.from(text), name);
  }
  zip.end();
  return new Blob([new Uint8Array(await buffer(zip.outputStream as NodeJS.ReadableStream))]);
}

describe("a dropped zip", () => {
  it("is listed with paths and unpacked sizes, without its folders", async () => {
    const zip = await zipOf({ "src/": "", "src/app.py": "print()", Dockerfile: "FROM x", "ü.txt": "" });
    expect(await listZip(zip)).toEqual([
      { path: "src/app.py", bytes: 7 },
      { path: "Dockerfile", bytes: 6 },
      { path: "ü.txt", bytes: 0 },
    ]);
  });

  it("is left to the server when it is something else, or damaged", async () => {
    expect(await listZip(new Blob(["hello"]))).toBeNull();
    expect(await listZip(new Blob([]))).toBeNull();
    const whole = await zipOf({ a: "1", b: "2" });
    const bytes = new Uint8Array(await whole.arrayBuffer());
    bytes.fill(0, bytes.length - 100, bytes.length - 30);
    expect(await listZip(new Blob([bytes]))).toBeNull();
  });
});
