import {
  CreateTagsCommand,
  DeleteTagsCommand,
  ModifyInstanceAttributeCommand,
  paginateDescribeInstances,
} from "@aws-sdk/client-ec2";
import {
  CreateScheduleGroupCommand,
  GetScheduleCommand,
  ListSchedulesCommand,
  SchedulerClient,
} from "@aws-sdk/client-scheduler";
import { afterAll, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { scheduledEnd } from "#grading/machines/ending/lease-schedules.ts";
import type { LaunchSpec } from "#grading/machines/provider.ts";
import type { Ec2Api } from "#infra/compute/ec2/ec2-api.ts";
import { createLeaseSchedules } from "#infra/compute/ec2/lease-schedules.ts";
import { reapInstances } from "#infra/compute/ec2/reap-instances.ts";
import { scheduleAtLaunch } from "#infra/compute/ec2/schedule-at-launch.ts";
import { tagKeys } from "#infra/compute/ec2/tags.ts";
import { clientSettings, withLocalEc2 } from "#tests/support/local-ec2/with-local-ec2.ts";
import { runCli } from "../integration/cli/run-cli.ts";
import { localApi, localProvider } from "./support/ec2-machines.ts";

/**
 * Instances here have no machine behind them: no timer goes off and no agent powers off, and no worker runs. What ends
 * them is the one thing that a test is about.
 */
const fixture = withLocalEc2();
let api: Ec2Api;
beforeEach(() => {
  api?.close();
  api = localApi(fixture.local);
});
afterAll(() => api?.close());

const minute = 60_000;
const inMinutes = (minutes: number) => new Date(Date.now() + minutes * minute);
const specOf = (machineId: string, lease: Date, installation = "ins_1"): LaunchSpec => ({
  ...{ installation, deployment: "fall", machineId },
  shape: { kind: "engine", cpus: 2, memoryMiB: 2048 },
  userData: {
    ...{ agentAddress: "https://gateway.example.edu", token: "t".repeat(43) },
    leaseUntil: lease.toISOString(),
  },
});
const launch = async (machineId: string, lease: Date, installation?: string) =>
  (await localProvider(fixture.local, api).launch(specOf(machineId, lease, installation))).instanceId;
const living = async () => {
  const Filters = [{ Name: "instance-state-name", Values: ["pending", "running"] }];
  const found: (string | undefined)[] = [];
  for await (const { Reservations } of paginateDescribeInstances({ client: api.reading }, { Filters }))
    for (const { Instances } of Reservations ?? [])
      found.push(...(Instances ?? []).map(({ InstanceId }) => InstanceId));
  return found;
};
const removeTags = (instanceId: string, keys: string[]) =>
  api.reading.send(new DeleteTagsCommand({ Resources: [instanceId], Tags: keys.map((Key) => ({ Key })) }));

describe("drydock fleet reap, with no database, worker, agent or timer,", () => {
  const environment = () => ({
    DRYDOCK_PROVIDER: "ec2",
    DRYDOCK_INSTALLATION: "ins_1",
    AWS_REGION: fixture.local.region,
    AWS_ENDPOINT_URL: fixture.local.endpoint,
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    DATABASE_URL: "postgresql://nobody:nothing@127.0.0.1:1/none",
  });
  const reap = (...options: string[]) => runCli(["fleet", "reap", ...options], { env: environment() });

  test("ends what is past its lease on every page, and neither a fresh, a foreign nor an untagged one", async () => {
    const past: string[] = [];
    for (let i = 0; i < 5; i += 1) past.push(await launch(`mch_${i}`, inMinutes(-10)));
    const fresh = await launch("mch_fresh", inMinutes(10));
    const foreign = await launch("mch_foreign", inMinutes(-10), "ins_2");
    const untagged = await launch("mch_untagged", inMinutes(-10));
    await removeTags(untagged, Object.values(tagKeys));
    // Whoever calls its instance what ours are called has not made it ours.
    const Tags = [{ Key: tagKeys.deployment, Value: "fall" }];
    await api.reading.send(new CreateTagsCommand({ Resources: [untagged], Tags }));
    fixture.local.proxy.setLargestPage(2);

    const dry = await reap("--dry-run", "--json");
    const overdue = (text: string) =>
      (JSON.parse(text) as { overdue: { instanceId: string }[] }).overdue.map(({ instanceId }) => instanceId);
    expect([dry.code, overdue(dry.stdout).sort()]).toEqual([0, past.toSorted()]);
    expect(await living()).toHaveLength(8);

    const done = await reap("--json");
    expect(done).toMatchObject({ code: 0, stderr: "" });
    const said = JSON.parse(done.stdout) as { ended: string[]; failed: unknown[] };
    expect([said.ended.sort(), said.failed]).toEqual([past.toSorted(), []]);
    expect((await living()).sort()).toEqual([fresh, foreign, untagged].sort());
    expect((await reap()).stdout).toBe(
      "ins_1 on EC2 in us-east-1: 1 machine, 0 past the lease: 0 ended, 0 not.\n",
    );
  });

  test("says what it could not end, by its exit status too, after all others were ended", async () => {
    const held = await launch("mch_held", inMinutes(-10));
    for (const name of ["mch_1", "mch_2"]) await launch(name, inMinutes(-10));
    await api.reading.send(
      new ModifyInstanceAttributeCommand({ InstanceId: held, DisableApiTermination: { Value: true } }),
    );
    const { code, stdout } = await reap();
    expect(code).toBe(3);
    expect(stdout).toMatch(
      new RegExp(`^${held} \\(mch_held\\), leased until .*: NOT ended: OperationNotPermitted`, "m"),
    );
    expect(stdout).toContain(": 3 machines, 3 past the lease: 2 ended, 1 not.");
    expect(await living()).toEqual([held]);
  });

  test("goes on watching after a look that failed, and ends well when it is told to", async () => {
    const instanceId = await launch("mch_1", inMinutes(-10));
    const message = "User x is not authorized to perform: ec2:DescribeInstances because y";
    fixture.local.proxy.faults.fail("DescribeInstances", {
      ...{ code: "UnauthorizedOperation", status: 403, message },
    });
    let failed: (interrupt: () => void) => void = () => undefined;
    const hasFailed = new Promise<() => void>((resolve) => {
      failed = resolve;
    });
    const watching = runCli(["fleet", "reap", "--watch", "1"], {
      env: environment(),
      onStderr: (_, interrupt) => failed(interrupt),
    });
    const stop = await hasFailed;
    await expect.poll(living).toEqual([]);
    stop();
    const { code, stdout, stderr } = await watching;
    expect(code).toBe(0);
    expect(stderr).toContain("the permission ec2:DescribeInstances is missing");
    expect(stdout).toContain(`${instanceId} (mch_1), leased until`);
  });

  test("gives one whose lease somebody removed twelve hours, and looks at AWS's clock where its own is wrong", async () => {
    const instanceId = await launch("mch_1", inMinutes(-10));
    await removeTags(instanceId, [tagKeys.leaseUntil]);
    const hours = (count: number) => inMinutes(count * 60);
    const ended = async (now: Date) => (await reapInstances(api.reading, "ins_1", now)).ended;
    expect(await ended(hours(11.9))).toEqual([]);
    // This computer's clock is ahead, as an answer of AWS tells by its date.
    vi.useFakeTimers({ toFake: ["Date"], now: hours(13) });
    onTestFinished(() => void vi.useRealTimers());
    expect(await ended(new Date())).toEqual([]);
    vi.useRealTimers();
    expect(await ended(hours(12.1))).toEqual([instanceId]);
  });
});

describe("a schedule, with every process of Drydock dead,", () => {
  const roleArn = "arn:aws:iam::123456789012:role/end-machines";
  const deadLetterArn = "arn:aws:sqs:us-east-1:123456789012:dead-letters";
  let scheduler: SchedulerClient;
  let schedules: ReturnType<typeof createLeaseSchedules>;
  beforeEach(async () => {
    scheduler?.destroy();
    schedules?.close();
    scheduler = new SchedulerClient(clientSettings(fixture.local));
    schedules = open();
    onError.mockReset();
    await scheduler.send(new CreateScheduleGroupCommand({ Name: "machines" }));
  });
  afterAll(() => {
    scheduler?.destroy();
    schedules?.close();
  });
  const open = () => {
    const { region, endpoint, credentials } = fixture.local;
    return createLeaseSchedules({ region, endpoint, credentials, group: "machines", roleArn, deadLetterArn });
  };
  const names = async () =>
    (await scheduler.send(new ListSchedulesCommand({ GroupName: "machines" }))).Schedules?.map(
      ({ Name }) => Name,
    );
  const onError = vi.fn();
  const launchScheduled = (lease: Date, by = schedules) =>
    scheduleAtLaunch(localProvider(fixture.local, api), by, onError).launch(specOf("mch_1", lease));

  test("ends its machine five minutes after the lease that it was launched with, and is gone then", async () => {
    const lease = new Date("2098-12-01T10:00:00.250Z");
    const { instanceId } = await launchScheduled(lease);
    const other = await launch("mch_2", lease);
    await expect.poll(names).toEqual(["mch_1"]);
    expect(
      await scheduler.send(new GetScheduleCommand({ GroupName: "machines", Name: "mch_1" })),
    ).toMatchObject({
      ...{ ScheduleExpression: "at(2098-12-01T10:05:01)", ScheduleExpressionTimezone: "UTC" },
      ...{ ActionAfterCompletion: "DELETE", FlexibleTimeWindow: { Mode: "OFF" } },
      Target: { RoleArn: roleArn, DeadLetterConfig: { Arn: deadLetterArn } },
    });
    expect(await fixture.local.proxy.fireSchedules(new Date("2098-12-01T10:05:00Z"))).toEqual([]);
    expect(await living()).toHaveLength(2);
    expect(await fixture.local.proxy.fireSchedules(new Date("2098-12-01T10:05:01Z"))).toEqual([
      { name: "mch_1", instanceIds: [instanceId], failure: null },
    ]);
    expect(await living()).toEqual([other]);
    expect([await names(), onError.mock.calls]).toEqual([[], []]);
  });

  test("is one, whoever asks for it and however often, also where a reply was lost", async () => {
    const end = scheduledEnd("mch_1", "i-0123456789abcdef0", inMinutes(10));
    fixture.local.proxy.faults.loseReply("CreateSchedule");
    await schedules.make(end);
    await schedules.make(end);
    const later = open();
    await later.make(end);
    expect(await names()).toEqual(["mch_1"]);
    await later.remove("mch_1");
    await schedules.remove("mch_1");
    expect(await names()).toEqual([]);
    later.close();
  });

  test("that cannot be made keeps no machine from its launch, and says what to do about it", async () => {
    const message =
      "User: arn:aws:iam::1:user/x is not authorized to perform: iam:PassRole on resource: arn:y because no identity-based policy allows the iam:PassRole action";
    fixture.local.proxy.faults.fail("CreateSchedule", {
      code: "AccessDeniedException",
      status: 403,
      message,
    });
    await launchScheduled(inMinutes(10));
    await vi.waitFor(() => expect(onError).toHaveBeenCalledOnce());
    const [error] = onError.mock.calls[0] ?? [];
    expect(String(error)).toContain("the permission iam:PassRole is missing. Add it to the policy");
    expect(await living()).toHaveLength(1);
    await schedules.make(scheduledEnd("mch_1", "i-0123456789abcdef0", inMinutes(10)));
    expect(await names()).toEqual(["mch_1"]);

    const gone = {
      code: "ResourceNotFoundException",
      status: 404,
      message: "Schedule group does not exist.",
    };
    fixture.local.proxy.faults.fail("CreateSchedule", gone);
    const end = scheduledEnd("mch_2", "i-0123456789abcdef0", inMinutes(10));
    await expect(schedules.make(end)).rejects.toMatchObject({
      kind: "misconfigured",
      message: expect.stringContaining("Set DRYDOCK_EC2_SCHEDULE_GROUP"),
    });
  });
});
