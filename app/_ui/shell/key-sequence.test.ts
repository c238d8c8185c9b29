import { describe, expect, it } from "vitest";
import { createKeySequence } from "./key-sequence.ts";

const known = ["g h", "g s", "f", "/"];

describe("keyboard shortcuts", () => {
  it("answers a single key at once", () => {
    expect(createKeySequence()("f", 0, known)).toBe("f");
  });

  it("answers two keys pressed one after the other", () => {
    const press = createKeySequence();
    expect(press("g", 0, known)).toBeNull();
    expect(press("s", 500, known)).toBe("g s");
  });

  it("forgets the first key after a while, and after any other key", () => {
    const press = createKeySequence();
    press("g", 0, known);
    expect(press("s", 5000, known)).toBeNull();
    press("g", 6000, known);
    press("x", 6100, known);
    expect(press("s", 6200, known)).toBeNull();
  });

  it("does nothing for keys of which no shortcut exists on the page", () => {
    expect(createKeySequence()("q", 0, known)).toBeNull();
  });
});
