import { expect, it } from "vitest";
import { commandInWords } from "./command-in-words.ts";

it("keeps a command that fits", () => {
  expect(commandInWords(["cat", "/tmp/ready"])).toBe("cat /tmp/ready");
  expect(commandInWords([])).toBe("");
});

it("ends a program that is written into the command after its first line", () => {
  expect(commandInWords(["python3", "-c", "\nimport os\nprint(1)\n"])).toBe("python3 -c …");
  expect(commandInWords(["sh", "-c", "set -e\nserve"])).toBe("sh -c set -e …");
});

it("cuts a long line", () => {
  expect(commandInWords(["x".repeat(500)])).toHaveLength(122);
});
