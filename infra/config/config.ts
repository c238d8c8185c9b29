import path from "node:path";
import { z } from "zod";

/** A variable that is set to nothing counts as not set. */
const blank = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === "" ? undefined : value), schema);
const whole = (min: number, max: number, fallback: number) =>
  blank(z.coerce.number().int().min(min).max(max).default(fallback));

const variables = z.object({
  DATABASE_URL: blank(z.url({ protocol: /^postgres(ql)?$/ }).optional()).describe(
    "postgresql://user:secret@host:5432/drydock",
  ),
  REDIS_URL: blank(z.url({ protocol: /^rediss?$/ }).optional()).describe("redis://host:6379"),
  DRYDOCK_DATA_DIR: blank(z.string().default(".data")).describe(".data"),
  DRYDOCK_CONTENT_DIR: blank(z.string().default("content")).describe("content"),
  DRYDOCK_DEPLOYMENT: blank(
    z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,38}$/)
      .default("local"),
  ).describe("fall-2024"),
  DRYDOCK_HOST: blank(z.string().default("127.0.0.1")).describe("127.0.0.1"),
  DRYDOCK_PORT: whole(1, 65535, 3000).describe("3000"),
  DRYDOCK_BASE_URL: blank(z.url({ protocol: /^https?$/ }).optional()).describe("https://drydock.example.edu"),
  /** Signs session cookies; made and kept in the data folder when unset. */
  DRYDOCK_AUTH_SECRET: blank(z.string().min(32).optional()).describe("at least 32 random characters"),
  DRYDOCK_LOG_LEVEL: blank(
    z.enum(["trace", "debug", "info", "warn", "error", "silent"]).default("info"),
  ).describe("info"),
  /** Machines at once. */
  DRYDOCK_FLEET_MAX: whole(1, 1000, 2).describe("2"),
  DRYDOCK_MACHINE_CPUS: blank(z.coerce.number().min(0.5).max(64).default(2)).describe("2"),
  DRYDOCK_MACHINE_MEMORY_MIB: whole(512, 262_144, 2048).describe("2048"),
  /** How machines reach Drydock; auto tries the socket and takes TCP where it does not reach. */
  DRYDOCK_UPLINK: blank(z.enum(["auto", "socket", "tcp"]).default("auto")).describe("auto"),
  /** What an hour of a local machine is booked at: the spot price of the instance type it stands for (c5d.large). */
  DRYDOCK_DOCKER_USD_PER_HOUR: blank(z.coerce.number().min(0).max(100).default(0.0326)).describe("0.0326"),
});

export interface Config {
  /** null: the embedded Postgres. */
  databaseUrl: string | null;
  /** null: BullMQ on Postgres. */
  redisUrl: string | null;
  dataDir: string;
  contentDir: string;
  deployment: string;
  host: string;
  port: number;
  baseUrl: string;
  authSecret: string | null;
  logLevel: "trace" | "debug" | "info" | "warn" | "error" | "silent";
  fleetMax: number;
  uplink: "auto" | "socket" | "tcp";
  machine: { cpus: number; memoryMiB: number; usdPerHour: number };
}

export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/** Parses the environment once at start. Throws ConfigError: one line a variable, with its rule and an example. */
export function loadConfig(env: Record<string, string | undefined> = process.env): Config {
  const parsed = variables.safeParse(env);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => {
      const name = String(issue.path[0]);
      const example = variables.shape[name as keyof typeof variables.shape]?.description;
      // The value itself stays out: it may hold a password.
      return `${name}: ${issue.message}. Example: ${name}=${example}`;
    });
    throw new ConfigError(`The configuration is wrong.\n${[...new Set(lines)].join("\n")}`);
  }
  const v = parsed.data;
  return {
    databaseUrl: v.DATABASE_URL ?? null,
    redisUrl: v.REDIS_URL ?? null,
    dataDir: path.resolve(v.DRYDOCK_DATA_DIR),
    contentDir: path.resolve(v.DRYDOCK_CONTENT_DIR),
    deployment: v.DRYDOCK_DEPLOYMENT,
    host: v.DRYDOCK_HOST,
    port: v.DRYDOCK_PORT,
    baseUrl: (v.DRYDOCK_BASE_URL ?? `http://${v.DRYDOCK_HOST}:${v.DRYDOCK_PORT}`).replace(/\/$/, ""),
    authSecret: v.DRYDOCK_AUTH_SECRET ?? null,
    logLevel: v.DRYDOCK_LOG_LEVEL,
    fleetMax: v.DRYDOCK_FLEET_MAX,
    uplink: v.DRYDOCK_UPLINK,
    machine: {
      cpus: v.DRYDOCK_MACHINE_CPUS,
      memoryMiB: v.DRYDOCK_MACHINE_MEMORY_MIB,
      usdPerHour: v.DRYDOCK_DOCKER_USD_PER_HOUR,
    },
  };
}
