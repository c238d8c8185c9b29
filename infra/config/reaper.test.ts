import { expect, test } from "vitest";
import { ConfigError } from "./config.ts";
import { loadReaperConfig } from "./reaper.ts";

test("a reaper has to be told whose machines it ends, and never guesses", () => {
  const load = () => loadReaperConfig({}, {});
  expect(load).toThrow(ConfigError);
  expect(load).toThrow("DRYDOCK_INSTALLATION is needed, and must be the id of the Drydock whose machines");
  expect(load).toThrow("drydock aws outputs names it");
});

test.each(["*", "ins_?", "", "ins 1", "ins_1,ins_2"])("%s is no id, but could be many", (installation) => {
  expect(() => loadReaperConfig({ installation }, {})).toThrow(/DRYDOCK_INSTALLATION (must be|is needed)/);
});

test("what the command line says comes first, and of a worker's settings none is needed", () => {
  const env = { DRYDOCK_PROVIDER: "ec2", DRYDOCK_INSTALLATION: "ins_1", AWS_REGION: "us-east-1" };
  expect(loadReaperConfig({}, env)).toEqual({
    ...{ provider: "ec2", installation: "ins_1", region: "us-east-1" },
  });
  expect(loadReaperConfig({ installation: "ins_2", region: "us-west-2" }, env)).toEqual({
    ...{ provider: "ec2", installation: "ins_2", region: "us-west-2" },
  });
  expect(loadReaperConfig({}, { DRYDOCK_INSTALLATION: "ins_1" })).toEqual({
    ...{ provider: "docker", installation: "ins_1" },
  });
});

test("on EC2 the region has to be known", () => {
  const env = { DRYDOCK_PROVIDER: "ec2", DRYDOCK_INSTALLATION: "ins_1" };
  expect(() => loadReaperConfig({}, env)).toThrow("AWS_REGION is needed");
});
