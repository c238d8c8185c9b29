import { isIP } from "node:net";
import { homedir } from "node:os";
import path from "node:path";
import { z } from "zod";
import type { Caps } from "#course/cost/budget.ts";
import { defaultKeepDays, type KeepDays } from "#grading/retention/keep-days.ts";
import type { StorageQuotas } from "#grading/submissions/storage-quota.ts";
import { type BucketSettings, bucketVariables, readBucket } from "./bucket.ts";
import { type Ec2Config, ec2Variables, readEc2, regionVariable } from "./ec2.ts";
import { checkGateway, type GatewayConfig, gatewayVariables, readGateway } from "./gateway.ts";
import { moneyVariables, readCaps } from "./money.ts";
import { MissingVariables, oneOf, processors, ruleLines, variable, whole } from "./variable.ts";

/** 10.0.0.1, 10.0.0.0/8, ::1 or fd00::/8 */
function isNetwork(text: string): boolean {
  const [address = "", bits, ...more] = text.split("/");
  const version = isIP(address);
  if (version === 0 || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}

const variables = z.object({
  ...ec2Variables,
  ...bucketVariables,
  ...gatewayVariables,
  AWS_REGION: regionVariable,
  DATABASE_URL: variable(
    z.url({ protocol: /^postgres(ql)?$/ }).optional(),
    "the address of a PostgreSQL database",
    "postgresql://user:secret@host:5432/drydock",
  ),
  /** The same database by the role that owns it: migrates, and gives DATABASE_URL's role its rights. */
  DRYDOCK_OWNER_DATABASE_URL: variable(
    z.url({ protocol: /^postgres(ql)?$/ }).optional(),
    "the address of a PostgreSQL database",
    "postgresql://owner:secret@host:5432/drydock",
  ),
  REDIS_URL: variable(
    z.url({ protocol: /^rediss?$/ }).optional(),
    "the address of a Redis server",
    "redis://host:6379",
  ),
  DRYDOCK_DATA_DIR: variable(z.string().default(".data"), "a folder", ".data"),
  DRYDOCK_CONTENT_DIR: variable(z.string().default("content"), "a folder", "content"),
  DRYDOCK_DEPLOYMENT: variable(
    z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,38}$/)
      .default("local"),
    "1 to 39 lower-case letters, digits and hyphens, no hyphen first",
    "fall-2024",
  ),
  DRYDOCK_HOST: variable(z.string().default("127.0.0.1"), "an address of this computer", "127.0.0.1"),
  DRYDOCK_PORT: whole(1, 65535, 3000),
  DRYDOCK_BASE_URL: variable(
    z.url({ protocol: /^https?$/ }).optional(),
    "an http or https address",
    "https://drydock.example.edu",
  ),
  /** Whose X-Forwarded-For is believed; from everybody else the connection's own address counts. */
  DRYDOCK_TRUSTED_PROXIES: variable(
    z
      .string()
      .default("")
      .transform((text) => text.split(/[\s,]+/).filter((part) => part !== ""))
      .refine((parts) => parts.every(isNetwork)),
    "addresses or networks of proxies, separated by commas",
    "127.0.0.1,10.0.0.0/8",
  ),
  /** Signs session cookies; made and kept in the data folder when unset. */
  DRYDOCK_AUTH_SECRET: variable(
    z.string().min(32).optional(),
    "at least 32 characters",
    "the output of: openssl rand -base64 32",
  ),
  /** Set by Next: production for the site as it was built, development for `npm run dev`. */
  NODE_ENV: variable(z.string().optional(), "production, or nothing", "production"),
  DRYDOCK_LOG_LEVEL: oneOf(["trace", "debug", "info", "warn", "error", "silent"], "info"),
  /** What makes machines. */
  DRYDOCK_PROVIDER: oneOf(["docker", "ec2"], "docker"),
  /** Machines at once. */
  DRYDOCK_FLEET_MAX: whole(1, 1000, 2),
  DRYDOCK_MACHINE_CPUS: processors(2),
  DRYDOCK_MACHINE_MEMORY_MIB: whole(512, 262_144, 2048),
  DRYDOCK_KUBERNETES_CPUS: processors(2),
  /** Control plane and nodes are in it; the pods of each node may have 1 GiB together. */
  DRYDOCK_KUBERNETES_MEMORY_MIB: whole(1024, 262_144, 4096),
  /** Machines that wait with a Kubernetes that runs already, so that a run starts at once. */
  DRYDOCK_POOL_SIZE: whole(0, 100, 0),
  ...moneyVariables,
  /** Whether machines wait for runs of coming deadlines; without it on ec2, where a machine takes a minute to start. */
  DRYDOCK_POOL_AHEAD: variable(z.enum(["off", "deadlines"]).optional(), "off or deadlines", "deadlines"),
  /** Where submissions and the files of exercises lie. */
  /** Of one person's submissions to one course: 25 uploads of the largest size that exercises take by themselves. */
  DRYDOCK_STUDENT_STORAGE_MIB: whole(1, 1_048_576, 500),
  /** Of all submissions to one course: a hundred persons with all of theirs. */
  DRYDOCK_COURSE_STORAGE_GIB: whole(1, 1_048_576, 50),
  DRYDOCK_KEEP_LOG_DAYS: whole(1, 36_500, defaultKeepDays.logs),
  /** Of runs that do not count any more. */
  DRYDOCK_KEEP_UNCOUNTED_LOG_DAYS: whole(1, 36_500, defaultKeepDays.uncountedLogs),
  DRYDOCK_KEEP_REFUSAL_DAYS: whole(1, 36_500, defaultKeepDays.refusals),
  /** Of notices that are closed. */
  DRYDOCK_KEEP_NOTICE_DAYS: whole(1, 36_500, defaultKeepDays.notices),
  /** After so many days a machine's image is made anew, with the packages of that day. */
  DRYDOCK_IMAGE_DAYS: whole(1, 365, 14),
  /** Official releases of Kubernetes, asked before it is built from Go modules. */
  DRYDOCK_KUBERNETES_RELEASES: variable(
    z.union([z.url({ protocol: /^https?$/ }), z.literal("none")]).default("https://dl.k8s.io/release"),
    "an http or https address, or none",
    "none",
  ),
  /** What is made once on this computer, whatever the data folder. */
  DRYDOCK_CACHE_DIR: variable(z.string().optional(), "a folder", "/var/cache/drydock"),
  XDG_CACHE_HOME: variable(z.string().optional(), "a folder", "/home/me/.cache"),
  /** How machines reach Drydock; auto tries the socket and takes TCP where it does not reach. */
  DRYDOCK_UPLINK: oneOf(["auto", "socket", "tcp"], "auto"),
  /** Runtime of the machines' containers, as the engine knows it: one that isolates more, such as Kata or Sysbox. */
  DRYDOCK_MACHINE_RUNTIME: variable(
    z
      .string()
      .regex(/^[a-zA-Z0-9][a-zA-Z0-9._-]{0,62}$/)
      .optional(),
    "the name of a runtime that the Docker engine knows (docker info names them)",
    "kata",
  ),
  /** What an hour of a local machine is booked at: the spot price of the instance type it stands for (c5d.large). */
  DRYDOCK_DOCKER_USD_PER_HOUR: variable(
    z.coerce.number().min(0).max(100).default(0.0326),
    "US dollars from 0 to 100",
    "0.0326",
  ),
});

export interface Config {
  provider: "docker" | "ec2";
  /** null: with another provider. */
  ec2: Ec2Config | null;
  /** Whether this process runs what `npm run build` made, not the sources. */
  built: boolean;
  /** null: the embedded Postgres. */
  databaseUrl: string | null;
  /** null: whoever migrates does so by databaseUrl too. */
  ownerDatabaseUrl: string | null;
  /** null: BullMQ on Postgres. */
  redisUrl: string | null;
  dataDir: string;
  contentDir: string;
  deployment: string;
  host: string;
  port: number;
  baseUrl: string;
  /** Addresses and networks (CIDR) of proxies that say truly whom they speak for. */
  trustedProxies: string[];
  authSecret: string | null;
  logLevel: "trace" | "debug" | "info" | "warn" | "error" | "silent";
  fleetMax: number;
  uplink: "auto" | "socket" | "tcp";
  /** null: the gateway is for machines of this computer's engine alone. */
  gateway: GatewayConfig | null;
  /** Of each facility: a machine is as large as the largest that it has. */
  machineSizes: Record<"engine" | "kubernetes", { cpus: number; memoryMiB: number }>;
  /** Machines with a Kubernetes that wait for a run. */
  poolSize: number;
  /** What machines may cost. */
  caps: Caps;
  /** Whether more machines wait before deadlines. */
  poolAhead: "off" | "deadlines";
  storage: StorageQuotas;
  files: "disk" | "s3";
  /** null: none is named, which is so only where files lie on disk. */
  bucket: BucketSettings | null;
  keepDays: KeepDays;
  /** Days after which a machine's image is made anew. */
  imageDays: number;
  machineUsdPerHour: number;
  /** null: the engine's own. */
  machineRuntime: string | null;
  /** Of this user, for what is made once on this computer. */
  cacheDir: string;
  /** The address below which official releases of Kubernetes lie; null: none is asked. */
  kubernetesReleases: string | null;
}

export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/** Parses the environment once at start. Throws ConfigError: one line a variable, with its rule and an example. */
export function loadConfig(env: Record<string, string | undefined> = process.env): Config {
  const parsed = variables.superRefine(checkGateway).safeParse(env);
  if (!parsed.success) throw wrong(new Set(parsed.error.issues.map((issue) => String(issue.path[0]))));
  const v = parsed.data;
  const ec2 = v.DRYDOCK_PROVIDER === "ec2" ? naming(() => readEc2(v)) : null;
  const bucket = naming(() => readBucket(v));
  return {
    provider: v.DRYDOCK_PROVIDER,
    ec2,
    built: v.NODE_ENV === "production",
    databaseUrl: v.DATABASE_URL ?? null,
    ownerDatabaseUrl: v.DRYDOCK_OWNER_DATABASE_URL ?? null,
    redisUrl: v.REDIS_URL ?? null,
    dataDir: path.resolve(v.DRYDOCK_DATA_DIR),
    contentDir: path.resolve(v.DRYDOCK_CONTENT_DIR),
    deployment: v.DRYDOCK_DEPLOYMENT,
    host: v.DRYDOCK_HOST,
    port: v.DRYDOCK_PORT,
    baseUrl: (v.DRYDOCK_BASE_URL ?? `http://${v.DRYDOCK_HOST}:${v.DRYDOCK_PORT}`).replace(/\/$/, ""),
    trustedProxies: v.DRYDOCK_TRUSTED_PROXIES,
    authSecret: v.DRYDOCK_AUTH_SECRET ?? null,
    logLevel: v.DRYDOCK_LOG_LEVEL,
    fleetMax: v.DRYDOCK_FLEET_MAX,
    uplink: v.DRYDOCK_UPLINK,
    gateway: readGateway(v),
    machineSizes: {
      engine: { cpus: v.DRYDOCK_MACHINE_CPUS, memoryMiB: v.DRYDOCK_MACHINE_MEMORY_MIB },
      kubernetes: { cpus: v.DRYDOCK_KUBERNETES_CPUS, memoryMiB: v.DRYDOCK_KUBERNETES_MEMORY_MIB },
    },
    poolSize: v.DRYDOCK_POOL_SIZE,
    caps: readCaps(v),
    poolAhead: v.DRYDOCK_POOL_AHEAD ?? (ec2 === null ? "off" : "deadlines"),
    storage: {
      personBytes: v.DRYDOCK_STUDENT_STORAGE_MIB * 1024 ** 2,
      courseBytes: v.DRYDOCK_COURSE_STORAGE_GIB * 1024 ** 3,
    },
    files: v.DRYDOCK_STORAGE,
    bucket,
    keepDays: {
      logs: v.DRYDOCK_KEEP_LOG_DAYS,
      uncountedLogs: v.DRYDOCK_KEEP_UNCOUNTED_LOG_DAYS,
      refusals: v.DRYDOCK_KEEP_REFUSAL_DAYS,
      notices: v.DRYDOCK_KEEP_NOTICE_DAYS,
    },
    imageDays: v.DRYDOCK_IMAGE_DAYS,
    machineUsdPerHour: v.DRYDOCK_DOCKER_USD_PER_HOUR,
    machineRuntime: v.DRYDOCK_MACHINE_RUNTIME ?? null,
    cacheDir: path.resolve(
      v.DRYDOCK_CACHE_DIR ?? path.join(v.XDG_CACHE_HOME ?? path.join(homedir(), ".cache"), "drydock"),
    ),
    kubernetesReleases:
      v.DRYDOCK_KUBERNETES_RELEASES === "none" ? null : v.DRYDOCK_KUBERNETES_RELEASES.replace(/\/$/, ""),
  };
}

function wrong(names: Iterable<string>, must?: string): ConfigError {
  return new ConfigError(ruleLines(variables.shape, names, must));
}

function naming<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    throw error instanceof MissingVariables ? wrong(error.names, error.must) : error;
  }
}
