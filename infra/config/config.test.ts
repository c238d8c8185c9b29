import { describe, expect, it } from "vitest";
import { ConfigError, loadConfig } from "./config.ts";

it("nothing has to be set, and set to nothing counts as not set", () => {
  const config = loadConfig({});
  expect(config).toMatchObject({
    databaseUrl: null,
    redisUrl: null,
    port: 3000,
    fleetMax: 2,
    uplink: "auto",
  });
  expect(config.baseUrl).toBe("http://127.0.0.1:3000");
  expect(loadConfig({ DATABASE_URL: "", REDIS_URL: "", DRYDOCK_PORT: "" })).toEqual(config);
});

it("what is set is taken, and the base address ends without a slash", () => {
  const config = loadConfig({
    DATABASE_URL: "postgres://u:p@db/drydock",
    REDIS_URL: "rediss://cache:6380",
    DRYDOCK_BASE_URL: "https://drydock.example.edu/",
    DRYDOCK_MACHINE_CPUS: "1.5",
  });
  expect(config).toMatchObject({
    databaseUrl: "postgres://u:p@db/drydock",
    redisUrl: "rediss://cache:6380",
    baseUrl: "https://drydock.example.edu",
    machineSizes: { engine: { cpus: 1.5 }, kubernetes: { cpus: 2, memoryMiB: 4096 } },
  });
});

it.each([
  ["DATABASE_URL", "mysql://u:hunter2@db/x", "the address of a PostgreSQL database"],
  ["REDIS_URL", "localhost", "the address of a Redis server"],
  ["DRYDOCK_PORT", "http", "a whole number from 1 to 65535"],
  ["DRYDOCK_PORT", "70000", "a whole number from 1 to 65535"],
  ["DRYDOCK_FLEET_MAX", "2.5", "a whole number from 1 to 1000"],
  ["DRYDOCK_DEPLOYMENT", "Fall 2024", "1 to 39 lower-case letters, digits and hyphens, no hyphen first"],
  ["DRYDOCK_UPLINK", "wifi", "one of auto, socket, tcp"],
  ["DRYDOCK_GATEWAY_LISTEN", "eth0", "an address of this computer and a port"],
  ["DRYDOCK_PROVIDER", "azure", "one of docker, ec2"],
  ["DRYDOCK_EC2_SUBNETS", "subnet-1,10.0.0.0/8", "ids of subnets, separated by commas"],
  ["DRYDOCK_EC2_TYPES", "huge", "instance types, separated by commas"],
  ["DRYDOCK_EC2_SCHEDULE_GROUP", "all machines", "the name of a group of schedules"],
  ["DRYDOCK_EC2_SCHEDULE_ROLE", "admin", "the ARN of the role of the schedules"],
  ["DRYDOCK_EC2_SCHEDULE_DEAD_LETTER", "https://sqs", "the ARN of the queue"],
  ["DRYDOCK_EC2_INTERRUPTION_QUEUE", "my-queue", "the address of a queue of SQS"],
  ["DRYDOCK_GATEWAY_LISTEN", "0.0.0.0:70000", "an address of this computer and a port"],
  [
    "DRYDOCK_GATEWAY_URL",
    "ftp://x",
    "the http or https address at which machines call DRYDOCK_GATEWAY_LISTEN",
  ],
  ["DRYDOCK_AUTH_SECRET", "hunter2", "at least 32 characters"],
  ["DRYDOCK_STORAGE", "tape", "one of disk, s3"],
  ["DRYDOCK_S3_BUCKET", "My Bucket", "the name of a bucket"],
  ["DRYDOCK_S3_PREFIX", "/../out", "folders of letters"],
  ["DRYDOCK_S3_ENDPOINT", "ftp://host", "an http or https address"],
  ["AWS_REGION", "Oregon", "the name of a region of AWS"],
])("%s=%s is refused by its rule and an example, without the value", (name, value, rule) => {
  const load = () => loadConfig({ [name]: value });
  expect(load).toThrow(ConfigError);
  expect(load).toThrow(`${name} must be ${rule}`);
  expect(load).toThrow(`. Example: ${name}=`);
  expect(load).not.toThrow(value);
});

describe("the gateway for machines elsewhere", () => {
  const listen = { DRYDOCK_GATEWAY_LISTEN: "[::]:8443", DRYDOCK_GATEWAY_URL: "https://gateway.example.edu/" };

  it("is off unless it is set", () => {
    expect(loadConfig({}).gateway).toBeNull();
  });

  it("listens behind whoever speaks TLS for it, or with a certificate of its own", () => {
    const gateway = { host: "::", port: 8443, url: "https://gateway.example.edu", tls: null, caFile: null };
    expect(loadConfig(listen).gateway).toEqual(gateway);
    const files = {
      DRYDOCK_GATEWAY_CERT: "c.pem",
      DRYDOCK_GATEWAY_KEY: "k.pem",
      DRYDOCK_GATEWAY_CA: "a.pem",
    };
    const own = { ...gateway, tls: { certFile: "c.pem", keyFile: "k.pem" }, caFile: "a.pem" };
    expect(loadConfig({ ...listen, ...files }).gateway).toEqual(own);
  });

  it.each([
    ["LISTEN", { DRYDOCK_GATEWAY_URL: "https://gateway.example.edu" }],
    ["URL", { DRYDOCK_GATEWAY_LISTEN: "0.0.0.0:8443" }],
    ["KEY", { ...listen, DRYDOCK_GATEWAY_CERT: "c.pem" }],
    ["CERT", { ...listen, DRYDOCK_GATEWAY_KEY: "k.pem" }],
  ])("asks for DRYDOCK_GATEWAY_%s where the others need it", (missing, env) => {
    expect(() => loadConfig(env)).toThrow(
      new RegExp(`^The configuration is wrong.\nDRYDOCK_GATEWAY_${missing} must`),
    );
  });
});

it("every wrong variable is named at once, each on a line of its own", () => {
  expect(() => loadConfig({ DRYDOCK_PORT: "x", REDIS_URL: "y" })).toThrow(/^[^\n]+\n[^\n]+\n[^\n]+$/);
});

describe("files in a bucket", () => {
  const aws = { DRYDOCK_STORAGE: "s3", DRYDOCK_S3_BUCKET: "drydock-files", AWS_REGION: "us-west-2" };

  it("need its name, and a region where no other server is named", () => {
    expect(() => loadConfig({ ...aws, DRYDOCK_S3_BUCKET: "" })).toThrow(
      /^[^\n]+\nDRYDOCK_S3_BUCKET must be /,
    );
    expect(() => loadConfig({ ...aws, AWS_REGION: "" })).toThrow(/^[^\n]+\nAWS_REGION must be /);
    const other = { ...aws, AWS_REGION: "", DRYDOCK_S3_ENDPOINT: "https://s3.example.edu/" };
    expect(loadConfig(other).bucket).toMatchObject({
      region: "us-east-1",
      endpoint: "https://s3.example.edu",
    });
  });

  it("may lie below a prefix, which then ends with a slash", () => {
    expect(loadConfig(aws)).toMatchObject({
      files: "s3",
      bucket: { bucket: "drydock-files", prefix: "", region: "us-west-2", endpoint: null },
    });
    for (const prefix of ["drydock/fall", "drydock/fall/"]) {
      expect(loadConfig({ ...aws, DRYDOCK_S3_PREFIX: prefix }).bucket?.prefix).toBe("drydock/fall/");
    }
  });

  it("are on disk otherwise, also where a bucket is named already", () => {
    expect(loadConfig({})).toMatchObject({ files: "disk", bucket: null });
    expect(loadConfig({ ...aws, DRYDOCK_STORAGE: "" })).toMatchObject({ files: "disk", bucket: {} });
  });
});

describe("machines on EC2", () => {
  const gateway = { DRYDOCK_GATEWAY_LISTEN: "0.0.0.0:8443", DRYDOCK_GATEWAY_URL: "https://d.example.edu" };
  const ec2 = {
    ...{ DRYDOCK_PROVIDER: "ec2", AWS_REGION: "us-west-2", DRYDOCK_EC2_LAUNCH_TEMPLATE: "lt-0a1b" },
    DRYDOCK_EC2_SUBNETS: "subnet-0a1b, subnet-2c3d",
  };

  it("are made where all that they need is said", () => {
    expect(loadConfig({})).toMatchObject({ provider: "docker", ec2: null });
    expect(loadConfig({ ...gateway, ...ec2 })).toMatchObject({
      provider: "ec2",
      ec2: {
        ...{ region: "us-west-2", launchTemplate: "lt-0a1b", instanceTypes: [], volumeGiB: 16 },
        ...{ subnets: ["subnet-0a1b", "subnet-2c3d"], spotVcpus: null, onDemand: "near-deadline" },
      },
    });
  });

  it("wait for coming deadlines unless that is switched off, and local ones only where it is switched on", () => {
    const ahead = (given: object) => loadConfig({ ...given }).poolAhead;
    expect([ahead({ ...gateway, ...ec2 }), ahead({})]).toEqual(["deadlines", "off"]);
    expect(ahead({ ...gateway, ...ec2, DRYDOCK_POOL_AHEAD: "off" })).toBe("off");
    expect(ahead({ DRYDOCK_POOL_AHEAD: "deadlines" })).toBe("deadlines");
    expect(() => ahead({ DRYDOCK_POOL_AHEAD: "yes" })).toThrow(
      /\nDRYDOCK_POOL_AHEAD must be off or deadlines/,
    );
  });

  const stack = {
    DRYDOCK_EC2_SCHEDULE_GROUP: "drydock-fall-machines",
    DRYDOCK_EC2_SCHEDULE_ROLE: "arn:aws:iam::123456789012:role/drydock-fall-Schedules-1A2B",
    DRYDOCK_EC2_SCHEDULE_DEAD_LETTER: "arn:aws:sqs:us-west-2:123456789012:drydock-fall-DeadLetters",
    DRYDOCK_EC2_INTERRUPTION_QUEUE: "https://sqs.us-west-2.amazonaws.com/123456789012/drydock-fall-Queue",
  };

  it("have schedules and tell of interruptions where the stack's outputs are named", () => {
    expect(loadConfig({ ...gateway, ...ec2 }).ec2).toMatchObject({
      schedules: null,
      interruptionQueue: null,
    });
    expect(loadConfig({ ...gateway, ...ec2, ...stack }).ec2).toMatchObject({
      schedules: {
        group: stack.DRYDOCK_EC2_SCHEDULE_GROUP,
        roleArn: stack.DRYDOCK_EC2_SCHEDULE_ROLE,
        deadLetterArn: stack.DRYDOCK_EC2_SCHEDULE_DEAD_LETTER,
      },
      interruptionQueue: stack.DRYDOCK_EC2_INTERRUPTION_QUEUE,
    });
  });

  it.each(["DRYDOCK_EC2_SCHEDULE_GROUP", "DRYDOCK_EC2_SCHEDULE_ROLE"])(
    "need %s with the others of the schedules",
    (name) => {
      const load = () => loadConfig({ ...gateway, ...ec2, ...stack, [name]: "" });
      expect(load).toThrow(`${name} is needed with the others of the schedules, and must be`);
    },
  );

  it.each([...Object.keys(ec2).slice(1), "DRYDOCK_GATEWAY_LISTEN"])("need %s, which is named", (name) => {
    const given = name === "DRYDOCK_GATEWAY_LISTEN" ? ec2 : { ...gateway, ...ec2, [name]: "" };
    expect(() => loadConfig(given)).toThrow(
      new RegExp(`^[^\n]+\n${name} is needed with DRYDOCK_PROVIDER=ec2, and must be .+ Example: ${name}=`),
    );
  });
});
