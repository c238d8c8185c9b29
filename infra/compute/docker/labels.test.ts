import { expect, it } from "vitest";
import { readMachineLabels } from "./labels.ts";

const lease = { "drydock.cluster": "mch_1", "drydock.lease": "2024-11-12T19:00:00.000Z" };

it("a machine is its installation's, whatever its deployment is called", () => {
  const labels = { ...lease, "drydock.installation": "ins_1", "drydock.deployment": "local" };
  expect(readMachineLabels(labels)).toMatchObject({
    instanceId: "drydock-ins_1-mch_1",
    installation: "ins_1",
  });
});

it("a machine from before installations had ids has the name that its row knows", () => {
  const labels = { ...lease, "drydock.deployment": "local" };
  expect(readMachineLabels(labels)).toMatchObject({ instanceId: "drydock-local-mch_1", machineId: "mch_1" });
});

it("what has only some of the labels is no machine", () => {
  expect(readMachineLabels({ "drydock.deployment": "local" })).toBeNull();
  expect(readMachineLabels(lease)).toBeNull();
  expect(readMachineLabels(null)).toBeNull();
});
