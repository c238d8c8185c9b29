import { expect, test } from "vitest";
import { instanceUserData } from "./instance-user-data.ts";

const program = { sha256: "a".repeat(64) };

test("an instance is told which agent it may run, where its metadata are, and whom to believe only where that is set", () => {
  const told = { agentSha256: program.sha256, metadataAddress: "http://169.254.169.254" };
  expect(instanceUserData({ program, gatewayCa: null })).toEqual(told);
  expect(instanceUserData({ program, gatewayCa: "PEM" })).toEqual({ ...told, gatewayCa: "PEM" });
});
