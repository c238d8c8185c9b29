import {
  CreateFleetCommand,
  type CreateFleetCommandInput,
  CreateLaunchTemplateVersionCommand,
  DeleteLaunchTemplateCommand,
  DeregisterImageCommand,
  DescribeInstanceAttributeCommand,
  DescribeInstancesCommand,
  DescribeVolumesCommand,
} from "@aws-sdk/client-ec2";
import { describe, expect, test } from "vitest";
import { withLocalEc2 } from "#tests/support/local-ec2/with-local-ec2.ts";

const run = withLocalEc2();

const userData = Buffer.from('{"token":"æ & <once>"}').toString("base64");

/** A spot machine of one of two types in any zone, as the provider asks for it. */
function fleetRequest(changes: Partial<CreateFleetCommandInput> = {}): CreateFleetCommandInput {
  const { launchTemplate, network } = run.local;
  return {
    Type: "instant",
    ClientToken: "machine-1-spot-1",
    SpotOptions: { AllocationStrategy: "price-capacity-optimized" },
    TargetCapacitySpecification: { TotalTargetCapacity: 1, DefaultTargetCapacityType: "spot" },
    LaunchTemplateConfigs: [
      {
        LaunchTemplateSpecification: {
          LaunchTemplateId: launchTemplate.id,
          Version: launchTemplate.version,
          LaunchTemplateSpecificationUserData: userData,
        },
        Overrides: ["c7a.large", "m7a.large"].flatMap((InstanceType) =>
          network.subnets.map(({ id: SubnetId }) => ({
            InstanceType: InstanceType as "c7a.large",
            SubnetId,
          })),
        ),
      },
    ],
    TagSpecifications: [
      { ResourceType: "instance", Tags: [{ Key: "drydock:machine", Value: "machine-1" }] },
      { ResourceType: "volume", Tags: [{ Key: "drydock:machine", Value: "machine-1" }] },
      { ResourceType: "fleet", Tags: [{ Key: "drydock:machine", Value: "machine-1" }] },
    ],
    ...changes,
  };
}

const createFleet = (changes?: Partial<CreateFleetCommandInput>) =>
  run.ec2.send(new CreateFleetCommand(fleetRequest(changes)));

async function instanceOf(id: string | undefined) {
  const found = await run.ec2.send(new DescribeInstancesCommand({ InstanceIds: [id ?? ""] }));
  return found.Reservations?.[0]?.Instances?.[0];
}

async function countInstances() {
  const found = await run.ec2.send(new DescribeInstancesCommand({}));
  return found.Reservations?.flatMap((one) => one.Instances ?? []).length;
}

const target = (count: number, market: "spot" | "on-demand" = "spot") => ({
  TargetCapacitySpecification: { TotalTargetCapacity: count, DefaultTargetCapacityType: market },
});

describe("CreateFleet", () => {
  test("makes an instance that is all that template and request say", async () => {
    const made = await createFleet();
    expect(made.Errors).toEqual([]);
    const [fleetInstance] = made.Instances ?? [];
    expect(fleetInstance).toMatchObject({
      Lifecycle: "spot",
      InstanceType: "c7a.large",
      AvailabilityZone: run.local.network.subnets[0]?.zone,
      SubnetId: run.local.network.subnets[0]?.id,
    });
    const id = fleetInstance?.InstanceIds?.[0];
    expect(await instanceOf(id)).toMatchObject({
      ImageId: run.local.imageId,
      InstanceLifecycle: "spot",
      SpotInstanceRequestId: expect.stringMatching(/^sir-/),
      SubnetId: run.local.network.subnets[0]?.id,
      SecurityGroups: [{ GroupId: run.local.network.securityGroupId }],
      MetadataOptions: { HttpTokens: "required", HttpPutResponseHopLimit: 1 },
      PublicIpAddress: expect.any(String),
      Tags: expect.arrayContaining([
        { Key: "drydock:machine", Value: "machine-1" },
        { Key: "aws:ec2:fleet-id", Value: made.FleetId },
      ]),
    });
    const attribute = (Attribute: "userData" | "instanceInitiatedShutdownBehavior") =>
      run.ec2.send(new DescribeInstanceAttributeCommand({ InstanceId: id, Attribute }));
    expect((await attribute("userData")).UserData?.Value).toBe(userData);
    expect(
      (await attribute("instanceInitiatedShutdownBehavior")).InstanceInitiatedShutdownBehavior?.Value,
    ).toBe("terminate");
    const { Volumes } = await run.ec2.send(
      new DescribeVolumesCommand({ Filters: [{ Name: "attachment.instance-id", Values: [id ?? ""] }] }),
    );
    expect(Volumes).toMatchObject([
      {
        Size: 12,
        VolumeType: "gp3",
        Encrypted: true,
        Tags: expect.arrayContaining([{ Key: "drydock:machine", Value: "machine-1" }]),
      },
    ]);
  });

  test("takes what an override says over the template", async () => {
    const request = fleetRequest();
    const [config] = request.LaunchTemplateConfigs ?? [];
    const made = await createFleet({
      LaunchTemplateConfigs: [
        {
          ...config,
          Overrides: [
            {
              InstanceType: "c7a.large",
              SubnetId: run.local.network.subnets[1]?.id,
              MetadataOptions: { HttpTokens: "optional" },
              BlockDeviceMappings: [{ DeviceName: "/dev/xvda", Ebs: { VolumeSize: 16 } }],
            },
          ],
        },
      ],
    });
    const id = made.Instances?.[0]?.InstanceIds?.[0];
    expect(await instanceOf(id)).toMatchObject({
      MetadataOptions: { HttpTokens: "optional", HttpPutResponseHopLimit: 1 },
      Placement: { AvailabilityZone: run.local.network.subnets[1]?.zone },
    });
    const { Volumes } = await run.ec2.send(new DescribeVolumesCommand({}));
    expect(Volumes).toMatchObject([{ Size: 16, VolumeType: "gp3", Encrypted: true }]);
  });

  test("takes the cheapest pool that has room and says which had none", async () => {
    const [first, second, third] = run.local.network.subnets;
    for (const { zone } of run.local.network.subnets) {
      run.local.proxy.prices.set({ type: "c7a.large", zone }, 0.05);
      run.local.proxy.prices.set({ type: "m7a.large", zone }, 0.06);
    }
    run.local.proxy.prices.set({ type: "m7a.large", zone: third?.zone ?? "" }, 0.02);
    run.local.proxy.prices.set({ type: "c7a.large", zone: second?.zone ?? "" }, 0.03);
    run.local.proxy.capacity.set({ type: "m7a.large", zone: third?.zone, market: "spot" }, 0);
    const made = await createFleet();
    expect(made.Instances).toMatchObject([{ InstanceType: "c7a.large", AvailabilityZone: second?.zone }]);
    expect(made.Errors).toMatchObject([
      {
        ErrorCode: "InsufficientInstanceCapacity",
        Lifecycle: "spot",
        LaunchTemplateAndOverrides: { Overrides: { InstanceType: "m7a.large", SubnetId: third?.id } },
      },
    ]);
    expect(first).toBeDefined();
  });

  test("with no capacity anywhere names each pool and makes nothing; on-demand is another market", async () => {
    run.local.proxy.capacity.set({ market: "spot" }, 0);
    const none = await createFleet();
    expect(none.Instances).toEqual([]);
    expect(none.Errors?.map((one) => one.ErrorCode)).toEqual(Array(6).fill("InsufficientInstanceCapacity"));
    expect(await countInstances()).toBe(0);
    const other = await createFleet({ ...target(1, "on-demand"), ClientToken: "machine-1-on-demand-1" });
    expect(other.Instances).toMatchObject([{ Lifecycle: "on-demand" }]);
  });

  test("gives the part that there is; what is ended leaves room again", async () => {
    run.local.proxy.capacity.set({ market: "spot" }, 0);
    run.local.proxy.capacity.set({ market: "spot", type: "m7a.large" }, 1);
    const part = await createFleet(target(5));
    expect(part.Instances).toHaveLength(3);
    expect(part.Errors).toHaveLength(6);
    await run.local.proxy.endInterrupted(part.Instances?.[0]?.InstanceIds?.[0] ?? "");
    const next = await createFleet({ ...target(5), ClientToken: "next" });
    expect(next.Instances).toHaveLength(1);
    expect(next.Instances?.[0]?.AvailabilityZone).toBe(part.Instances?.[0]?.AvailabilityZone);
  });

  test("counts vCPUs against the quota of each market", async () => {
    run.local.proxy.capacity.setQuota("spot", 5);
    const made = await createFleet(target(3));
    expect(made.Instances).toHaveLength(2);
    expect(new Set(made.Errors?.map((one) => one.ErrorCode))).toEqual(
      new Set(["MaxSpotInstanceCountExceeded"]),
    );
    run.local.proxy.capacity.setQuota("on-demand", 1);
    const none = await createFleet({ ...target(1, "on-demand"), ClientToken: "other" });
    expect(none.Errors?.[0]?.ErrorCode).toBe("VcpuLimitExceeded");
  });

  test("of what is asked for at the same time makes no more than there is", async () => {
    run.local.proxy.capacity.set({}, 1);
    const many = await Promise.all(
      Array.from({ length: 10 }, (_, index) => createFleet({ ClientToken: `token-${index}` })),
    );
    expect(many.flatMap((one) => one.Instances ?? [])).toHaveLength(6);
    expect(await countInstances()).toBe(6);
  });

  test("names a pool that is refused for another reason", async () => {
    run.local.proxy.capacity.refuse(
      { type: "c7a.large" },
      { code: "Unsupported", message: "Not in this zone." },
    );
    const made = await createFleet();
    expect(made.Instances?.[0]?.InstanceType).toBe("m7a.large");
    expect(made.Errors?.map((one) => one.ErrorCode)).toEqual(Array(3).fill("Unsupported"));
  });

  test("a type that does not exist fails its overrides, a template that is gone the call", async () => {
    const request = fleetRequest();
    const [config] = request.LaunchTemplateConfigs ?? [];
    const bad = await createFleet({
      LaunchTemplateConfigs: [{ ...config, Overrides: [{ InstanceType: "c0.none" as "c7a.large" }] }],
    });
    expect(bad.Instances).toEqual([]);
    expect(bad.Errors?.[0]?.ErrorCode).toBe("InvalidInstanceType");
    await run.ec2.send(new DeleteLaunchTemplateCommand({ LaunchTemplateId: run.local.launchTemplate.id }));
    await expect(createFleet({ ClientToken: "after" })).rejects.toMatchObject({
      name: "InvalidLaunchTemplateId.NotFound",
    });
  });

  test("an image that was deregistered launches no more", async () => {
    await run.ec2.send(new DeregisterImageCommand({ ImageId: run.local.imageId }));
    const none = await createFleet();
    expect(none.Instances).toEqual([]);
    expect(none.Errors?.[0]?.ErrorCode).toBe("InvalidAMIID.NotFound");
  });

  test("reads the version that is asked for, with its network interface", async () => {
    const { launchTemplate, imageId, network } = run.local;
    await run.ec2.send(
      new CreateLaunchTemplateVersionCommand({
        LaunchTemplateId: launchTemplate.id,
        LaunchTemplateData: {
          ImageId: imageId,
          NetworkInterfaces: [
            { DeviceIndex: 0, AssociatePublicIpAddress: true, Groups: [network.securityGroupId] },
          ],
        },
      }),
    );
    const [config] = fleetRequest().LaunchTemplateConfigs ?? [];
    const made = await createFleet({
      LaunchTemplateConfigs: [
        {
          ...config,
          LaunchTemplateSpecification: { LaunchTemplateName: launchTemplate.name, Version: "$Latest" },
        },
      ],
    });
    expect(await instanceOf(made.Instances?.[0]?.InstanceIds?.[0])).toMatchObject({
      MetadataOptions: { HttpTokens: "optional" },
      SubnetId: network.subnets[0]?.id,
      SecurityGroups: [{ GroupId: network.securityGroupId }],
      PublicIpAddress: expect.any(String),
    });
  });
});

describe("A client token", () => {
  test("has one answer and one instance, also when both are asked at once", async () => {
    const [first, second] = await Promise.all([createFleet(), createFleet()]);
    const third = await createFleet();
    expect(second.FleetId).toBe(first.FleetId);
    expect(third.Instances).toEqual(first.Instances);
    expect(await countInstances()).toBe(1);
  });

  test("refuses another request", async () => {
    await createFleet();
    await expect(createFleet(target(1, "on-demand"))).rejects.toMatchObject({
      name: "IdempotentParameterMismatch",
    });
    expect(await countInstances()).toBe(1);
  });

  test("is free again after a call that failed", async () => {
    run.local.proxy.faults.fail("CreateFleet", { code: "RequestLimitExceeded", status: 503 });
    await expect(createFleet()).rejects.toMatchObject({
      name: "RequestLimitExceeded",
      $metadata: { httpStatusCode: 503 },
    });
    expect((await createFleet()).Instances).toHaveLength(1);
  });
});
