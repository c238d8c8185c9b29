import { spawnSync } from "node:child_process";
import { hostname } from "node:os";
import {
  DeregisterImageCommand,
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DescribeSnapshotsCommand,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "#infra/clock/clock.ts";
import { findMachineImage } from "#infra/compute/ec2/find-image.ts";
import { type BuildOptions, buildImage } from "#infra/compute/ec2/images/build-image.ts";
import { endLeftBuilders, launchBuilder } from "#infra/compute/ec2/images/builders.ts";
import { newestDebian } from "#infra/compute/ec2/images/find-debian.ts";
import { tagKeys } from "#infra/compute/ec2/tags.ts";
import type { LaunchedInstance } from "#infra/compute/ec2-local/proxy/launched-instance.ts";
import { findRecipe, type Layer, readLayers } from "#infra/machine/recipe.ts";
import { withLocalEc2 } from "#tests/support/local-ec2/with-local-ec2.ts";
import { consoleOf, fetchArchive, openTestPlace, orderIn } from "./support/image-builder-play.ts";

const fixture = withLocalEc2();
let opened: Awaited<ReturnType<typeof openTestPlace>>;
let layers: Layer[];
let left: string[];
let unsubscribe = () => {};
beforeEach(async () => {
  opened = await openTestPlace(fixture.local);
  layers = await readLayers(await findRecipe(), "amd64", "engine");
  left = [];
});
afterEach(() => {
  unsubscribe();
  opened.close();
});

const patience = { everyMs: 20, builderMs: 20_000, showMs: 5_000, imageMs: 5_000 };
const never = new AbortController().signal;
const build = (changes: Partial<BuildOptions> = {}) =>
  buildImage({
    ...{ place: opened.place, machineKind: "engine", layers, moreFiles: [], programs: [] },
    ...{ clock: systemClock, onProgress: () => {}, patience, signal: never },
    onLeft: (sentence) => left.push(sentence),
    ...changes,
  });
/** What each builder does once it was launched. */
const builders = (act: (instance: LaunchedInstance) => void | Promise<void>) => {
  unsubscribe = fixture.local.proxy.subscribe({ onLaunch: act });
};
const { poweredOff, setConsole } = {
  poweredOff: (id: string) => fixture.local.proxy.poweredOff(id),
  setConsole: (id: string, ...lines: string[]) => fixture.local.proxy.setConsole(id, consoleOf(...lines)),
};
const doneWell = async ({ instanceId }: LaunchedInstance) => {
  setConsole(instanceId, "step boot", "version: engine 26.1.5", "done");
  await poweredOff(instanceId);
};
const living = async () => {
  const { Reservations } = await fixture.ec2.send(new DescribeInstancesCommand({}));
  return (Reservations ?? [])
    .flatMap(({ Instances }) => Instances ?? [])
    .filter(({ State }) => State?.Name !== "terminated" && State?.Name !== "shutting-down");
};
const imagesOfRecipe = async () => {
  const { Images } = await fixture.ec2.send(
    new DescribeImagesCommand({ Owners: ["self"], Filters: [{ Name: "tag-key", Values: [tagKeys.recipe] }] }),
  );
  return Images ?? [];
};
/** Whatever went wrong: no builder, no file in the bucket, no image, nothing to clear away by hand. */
const nothingIsLeft = async () => {
  expect(await living()).toEqual([]);
  expect(await opened.stored()).toEqual([]);
  expect(await imagesOfRecipe()).toEqual([]);
  expect(left).toEqual([]);
};
const failsWith = async (building: Promise<unknown>, code: string, words: RegExp) => {
  const error = await building.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ name: "AppError", code });
  expect(String(error)).toMatch(words);
  await nothingIsLeft();
};
const denied = (action: string) => ({
  code: "UnauthorizedOperation",
  status: 403,
  message: `You are not authorized to perform this operation. User: arn:aws:iam::1:user/x is not authorized to perform: ${action} on resource: * because no identity-based policy allows the ${action} action`,
});
const tagsOf = (tagged: { Tags?: { Key?: string | undefined; Value?: string | undefined }[] | undefined }) =>
  Object.fromEntries((tagged.Tags ?? []).map(({ Key, Value }) => [Key, Value]));

describe("an image is made", () => {
  test("by a builder that fetches the recipe by a link, and is known by the tags of itself and its snapshot", async () => {
    let builder: LaunchedInstance | undefined;
    let archive = { sha256: "", names: [""] };
    builders(async (instance) => {
      builder = instance;
      archive = await fetchArchive(orderIn(instance).archive_address ?? "");
      setConsole(instance.instanceId, "step packages", "##drydock 0.5 Installing the engine");
      await expect.poll(() => seen.some(({ step }) => step === "Installing the engine")).toBe(true);
      await doneWell(instance);
    });
    const seen: { step: string; fraction: number }[] = [];
    const imageId = await build({ onProgress: (progress) => seen.push(progress) });

    const recipe = layers.at(-1)?.hash ?? "";
    const [image] = await imagesOfRecipe();
    expect(image).toMatchObject({ ImageId: imageId, Description: expect.stringContaining("engine 26.1.5") });
    const ours = {
      [tagKeys.installation]: "ins_1",
      [tagKeys.machineKind]: "engine",
      [tagKeys.recipe]: recipe,
    };
    expect(tagsOf(image ?? {})).toMatchObject(ours);
    const { Snapshots } = await fixture.ec2.send(
      new DescribeSnapshotsCommand({ SnapshotIds: [image?.BlockDeviceMappings?.[0]?.Ebs?.SnapshotId ?? ""] }),
    );
    expect(tagsOf(Snapshots?.[0] ?? {})).toMatchObject(ours);
    expect(await findMachineImage(opened.place.api, { installation: "ins_1", recipe })).toMatchObject({
      imageId,
    });
    // Another Drydock of the account, with the same recipe, may not launch it.
    expect(await findMachineImage(opened.place.api, { installation: "ins_2", recipe })).toBeNull();

    expect(builder).toMatchObject({
      imageId: "ami-0d13000000000a002",
      metadata: { tokens: "required", hopLimit: 1 },
      shutdownBehaviour: "stop",
    });
    expect(builder?.tags).toMatchObject({
      [tagKeys.installation]: "ins_1",
      [tagKeys.builder]: `${hostname()}/${process.pid}`,
      [tagKeys.leaseUntil]: expect.stringMatching(/Z$/),
    });
    expect(orderIn(builder as LaunchedInstance)).toMatchObject({
      archive_sha256: archive.sha256,
      steps: "packages catalogue boot",
    });
    expect(archive.names).toEqual(
      expect.arrayContaining(["opt/drydock/recipe/provision.sh", "opt/drydock/recipe/images/node.sh"]),
    );
    const fractions = seen.map(({ fraction }) => fraction);
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
    expect(await living()).toEqual([]);
    expect(await opened.stored()).toEqual([]);
    expect(left).toEqual([]);
  });

  test("from another type where one is not to be had", async () => {
    fixture.local.proxy.capacity.set({ type: "c6a.large" }, 0);
    let type = "";
    builders((instance) => {
      type = instance.type;
      return doneWell(instance);
    });
    await build();
    expect(type).toBe("c7a.large");
  });

  test("by one builder although the answer to its launch was lost", async () => {
    fixture.local.proxy.faults.loseReply("RunInstances");
    let launched = 0;
    builders((instance) => {
      launched += 1;
      return doneWell(instance);
    });
    await build();
    expect(launched).toBe(1);
    expect(await living()).toEqual([]);
  });
});

describe("nothing is left, and what is wrong is said,", () => {
  test("where the region has no image of Debian's", async () => {
    const { Images } = await fixture.ec2.send(new DescribeImagesCommand({ Owners: ["136693071363"] }));
    for (const { ImageId } of Images ?? []) await fixture.ec2.send(new DeregisterImageCommand({ ImageId }));
    await failsWith(build(), "machine-image-failed", /no image debian-13-amd64/);
  });

  test.each(["RunInstances", "GetConsoleOutput", "CreateImage"])(
    "where the permission ec2:%s is missing",
    async (action) => {
      builders(doneWell);
      fixture.local.proxy.faults.fail(action, denied(`ec2:${action}`));
      await failsWith(
        build(),
        "machine-image-not-allowed",
        new RegExp(`ec2:${action} is missing.*ImagesPolicyArn`),
      );
    },
  );

  test("where there is no capacity at all", async () => {
    fixture.local.proxy.capacity.set({}, 0);
    await failsWith(build(), "machine-image-failed", /--instance-types/);
  });

  test("where the quota of on-demand instances is nothing", async () => {
    fixture.local.proxy.capacity.setQuota("on-demand", 0);
    await failsWith(build(), "machine-image-failed", /L-1216C47A/);
  });

  test("where the build fails: with the last lines of its log", async () => {
    builders(async ({ instanceId }) => {
      setConsole(
        instanceId,
        "step packages",
        "log: E: Unable to locate package",
        "log: docker.io",
        "failed 100",
      );
    });
    await failsWith(
      build(),
      "machine-image-failed",
      /status 100 at packages\. Its last lines:\nE: Unable to locate package\ndocker\.io/,
    );
  });

  test("where the builder powers off without saying that it was done", async () => {
    builders(async ({ instanceId }) => {
      setConsole(instanceId, "step catalogue", "##drydock 0.3 Making the base image python");
      await poweredOff(instanceId);
    });
    await failsWith(build(), "machine-image-failed", /powered off without saying.*base image python/);
  });

  test("where the builder never powers off", async () => {
    builders(({ instanceId }) => setConsole(instanceId, "step packages"));
    const slow = build({ patience: { ...patience, builderMs: 200 } });
    await failsWith(slow, "machine-image-failed", /did not power off within/);
  });

  test("where somebody else ends the builder", async () => {
    builders(async ({ instanceId }) => {
      await fixture.ec2.send(new TerminateInstancesCommand({ InstanceIds: [instanceId] }));
    });
    await failsWith(build(), "machine-image-failed", /was ended before it was done \(.*User initiated/);
  });

  test("where the image cannot be made", async () => {
    builders(doneWell);
    fixture.local.proxy.faults.fail("CreateImage", {
      code: "ResourceLimitExceeded",
      message: "You have reached the maximum number of images.",
    });
    await failsWith(build(), "machine-image-failed", /maximum number of images/);
  });

  test("where it is interrupted, at whatever point", async () => {
    const ending = new AbortController();
    builders(({ instanceId }) => {
      setConsole(instanceId, "step packages");
      setTimeout(() => ending.abort(), 50);
    });
    await expect(build({ signal: ending.signal })).rejects.toMatchObject({ name: "AbortError" });
    await nothingIsLeft();
    // Before the builder was there.
    await expect(build({ signal: AbortSignal.abort() })).rejects.toMatchObject({ name: "AbortError" });
    await nothingIsLeft();
  });

  test("where not even the builder can be ended: with the sentence of what stays", async () => {
    builders(({ instanceId }) => setConsole(instanceId, "failed 1"));
    fixture.local.proxy.faults.fail("TerminateInstances", denied("ec2:TerminateInstances"));
    await expect(build()).rejects.toThrow(/failed with status 1/);
    expect(left).toEqual([expect.stringMatching(/ec2:TerminateInstances is missing/)]);
    expect(await living()).toHaveLength(1);
  });
});

test("a builder that nobody waits for is ended at the next call, and no other", async () => {
  const { place } = opened;
  const debian = await newestDebian(place.api);
  const gone = spawnSync(process.execPath, ["--eval", ""]).pid;
  const launch = (worksFor: string, minutes: number, installation = "ins_1") =>
    launchBuilder(
      { ...place, installation },
      {
        ...{ debian, userData: "#!/bin/bash", machineKind: "engine", worksFor },
        leaseUntil: new Date(Date.now() + minutes * 60_000),
      },
    );
  const killed = await launch(`${hostname()}/${gone}`, 60);
  const overdue = await launch("elsewhere/1", -1);
  const elsewhere = await launch("elsewhere/2", 60);
  const atWork = await launch(`${hostname()}/${process.pid}`, 60);
  const foreign = await launch(`${hostname()}/${gone}`, -1, "ins_2");

  const ended: string[] = [];
  const end = (all: boolean) =>
    endLeftBuilders(place.api, {
      ...{ installation: "ins_1", now: new Date(), all },
      onEnded: ({ instanceId }) => ended.push(instanceId),
    });
  const working = await end(false);
  expect(ended.sort()).toEqual([killed, overdue].sort());
  expect(working.map(({ instanceId }) => instanceId).sort()).toEqual([elsewhere, atWork].sort());
  expect(await end(true)).toEqual([]);
  expect((await living()).map(({ InstanceId }) => InstanceId)).toEqual([foreign]);
});
