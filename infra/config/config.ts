import { homedir } from "node:os";
import path from "node:path";
import { z } from "zod";

/** One variable: its rule in words for the error, and an example. Set to nothing counts as not set. */
function variable<T extends z.ZodType>(schema: T, rule: string, example: string) {
  return z.preprocess((value) => (value === "" ? undefined : value), schema).meta({ rule, example });
}

function whole(min: number, max: number, fallback: number) {
  const schema = z.coerce.number().int().min(min).max(max).default(fallback);
  return variable(schema, `a whole number from ${min} to ${max}`, String(fallback));
}

function processors(fallback: number) {
  const schema = z.coerce.number().min(0.5).max(64).default(fallback);
  return variable(schema, "a number of processors from 0.5 to 64", String(fallback));
}

function oneOf<const Words extends readonly [string, ...string[]]>(words: Words, fallback: Words[number]) {
  const schema = z.enum(words).default(fallback as never);
  return variable(schema, `one of ${words.join(", ")}`, fallback);
}

const variables = z.object({
  DATABASE_URL: variable(
    z.url({ protocol: /^postgres(ql)?$/ }).optional(),
    "the address of a PostgreSQL database",
    "postgresql://user:secret@host:5432/drydock",
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
  /** Signs session cookies; made and kept in the data folder when unset. */
  DRYDOCK_AUTH_SECRET: variable(
    z.string().min(32).optional(),
    "at least 32 characters",
    "the output of: openssl rand -base64 32",
  ),
  /** Set by Next: production for the site as it was built, development for `npm run dev`. */
  NODE_ENV: variable(z.string().optional(), "production, or nothing", "production"),
  DRYDOCK_LOG_LEVEL: oneOf(["trace", "debug", "info", "warn", "error", "silent"], "info"),
  /** Machines at once. */
  DRYDOCK_FLEET_MAX: whole(1, 1000, 2),
  DRYDOCK_MACHINE_CPUS: processors(2),
  DRYDOCK_MACHINE_MEMORY_MIB: whole(512, 262_144, 2048),
  DRYDOCK_KUBERNETES_CPUS: processors(2),
  /** Control plane and nodes are in it; the pods of each node may have 1 GiB together. */
  DRYDOCK_KUBERNETES_MEMORY_MIB: whole(1024, 262_144, 4096),
  /** Machines that wait with a Kubernetes that runs already, so that a run starts at once. */
  DRYDOCK_POOL_SIZE: whole(0, 100, 0),
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
  /** What an hour of a local machine is booked at: the spot price of the instance type it stands for (c5d.large). */
  DRYDOCK_DOCKER_USD_PER_HOUR: variable(
    z.coerce.number().min(0).max(100).default(0.0326),
    "US dollars from 0 to 100",
    "0.0326",
  ),
});

export interface Config {
  /** Whether this process runs what `npm run build` made, not the sources. */
  built: boolean;
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
  /** Of each profile. */
  machines: Record<"docker" | "kubernetes", { cpus: number; memoryMiB: number }>;
  /** Machines with a Kubernetes that wait for a run. */
  poolSize: number;
  machineUsdPerHour: number;
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
  const parsed = variables.safeParse(env);
  if (!parsed.success) {
    const wrong = new Set(parsed.error.issues.map((issue) => String(issue.path[0])));
    // The value itself stays out: it may hold a password.
    const lines = [...wrong].map((name) => {
      const { rule, example } = variables.shape[name as keyof typeof variables.shape].meta() ?? {};
      return `${name} must be ${rule}. Example: ${name}=${example}`;
    });
    throw new ConfigError(`The configuration is wrong.\n${lines.join("\n")}`);
  }
  const v = parsed.data;
  return {
    built: v.NODE_ENV === "production",
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
    machines: {
      docker: { cpus: v.DRYDOCK_MACHINE_CPUS, memoryMiB: v.DRYDOCK_MACHINE_MEMORY_MIB },
      kubernetes: { cpus: v.DRYDOCK_KUBERNETES_CPUS, memoryMiB: v.DRYDOCK_KUBERNETES_MEMORY_MIB },
    },
    poolSize: v.DRYDOCK_POOL_SIZE,
    machineUsdPerHour: v.DRYDOCK_DOCKER_USD_PER_HOUR,
    cacheDir: path.resolve(
      v.DRYDOCK_CACHE_DIR ?? path.join(v.XDG_CACHE_HOME ?? path.join(homedir(), ".cache"), "drydock"),
    ),
    kubernetesReleases:
      v.DRYDOCK_KUBERNETES_RELEASES === "none" ? null : v.DRYDOCK_KUBERNETES_RELEASES.replace(/\/$/, ""),
  };
}
