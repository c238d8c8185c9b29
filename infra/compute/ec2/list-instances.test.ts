import { expect, it } from "vitest";
import { toInstance } from "./list-instances.ts";
import { tagKeys } from "./tags.ts";

it.each([
  ["Server.SpotInstanceTermination", true],
  ["Client.UserInitiatedShutdown", undefined],
  ["Client.InstanceInitiatedShutdown", undefined],
  [undefined, undefined],
])("an instance that ended by %s was taken back by EC2: %s", (Code, takenBack) => {
  const instance = toInstance({
    InstanceId: "i-1",
    State: { Name: "terminated" },
    ...(Code !== undefined && { StateReason: { Code } }),
    Tags: [
      { Key: tagKeys.installation, Value: "ins_1" },
      { Key: tagKeys.machine, Value: "mch_1" },
    ],
  });
  expect(instance?.state).toBe("gone");
  expect(instance?.takenBack).toBe(takenBack);
});
