import { describe, expect, it } from "vitest";
import { chooseNodes } from "./prepare-nodes.ts";
import { nodeChanges } from "./settings/node-settings.ts";

const asked = (words: string[]) => nodeChanges.parse(Object.fromEntries(words.map((word) => [word, {}])));
const names = ["node-1", "node-2", "node-3"];

describe("chooseNodes", () => {
  it("leaves named nodes and gives every other word a node of its own", () => {
    for (const lot of [() => 0, (below: number) => below - 1]) {
      const chosen = Object.keys(chooseNodes(asked(["fast", "node-2", "slow"]), names, lot));
      expect(chosen[1]).toBe("node-2");
      expect([...chosen].sort()).toEqual(names);
    }
  });

  it("lets the lot decide", () => {
    expect(Object.keys(chooseNodes(asked(["fast"]), names, () => 0))).toEqual(["node-1"]);
    expect(Object.keys(chooseNodes(asked(["fast"]), names, () => 2))).toEqual(["node-3"]);
  });

  it("says when there are more words than nodes", () => {
    expect(() => chooseNodes(asked(["fast", "slow"]), ["node-1"], () => 0)).toThrow("none is left for slow");
  });
});
