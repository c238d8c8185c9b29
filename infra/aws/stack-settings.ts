import { isIPv4 } from "node:net";
import { z } from "zod";
import { capsFor } from "./class-size.ts";

/**
 * Instances of two processors and 4 or 8 GiB, x86: what machines may be. Many kinds, because spot capacity of each ends
 * by itself; no larger one, because a stolen key must not buy it.
 */
export const smallTypes = [
  "c5.large",
  "c5a.large",
  "c5d.large",
  "c6a.large",
  "c6i.large",
  "c7a.large",
  "c7i.large",
  "m5.large",
  "m5a.large",
  "m6a.large",
  "m6i.large",
  "m7a.large",
  "m7i.large",
] as const;

/** 203.0.113.7/32: whole addresses, since the network's bits alone count. Everywhere is no wall. */
function isWall(text: string): boolean {
  const [address = "", bits = "", ...more] = text.split("/");
  return more.length === 0 && isIPv4(address) && /^\d{1,2}$/.test(bits) && +bits >= 8 && +bits <= 32;
}

const hostName = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;

const settings = z.object({
  /** The id of the Drydock whose stack this is; on every tag and in every condition. */
  installation: z.string().regex(/^[A-Za-z0-9_-]{3,40}$/),
  deployment: z.string().regex(/^[a-z0-9][a-z0-9-]{0,38}$/),
  /** Where machines reach Drydock: IPv4 networks in CIDR, a port, and the name if it has one. */
  controller: z.object({
    networks: z
      .array(z.string().refine(isWall, "must be an IPv4 network such as 203.0.113.7/32, /8 at the widest"))
      .min(1)
      .max(10),
    port: z.number().int().min(1).max(65535),
    host: z.string().regex(hostName, "must be a host name such as drydock.example.edu").optional(),
  }),
  /** The prefix list of S3 in the region. */
  s3PrefixList: z.string().regex(/^pl-[0-9a-f]{8,17}$/),
  students: z.number().int().min(1).max(2000),
  /** Who is told of costs and of a reaper that does not run. */
  email: z.email().max(254),
  /** US dollars a month; by the size of the class when not given. */
  monthlyUsd: z.number().int().min(1).max(100_000).optional(),
  instanceTypes: z
    .array(
      z.string().regex(/^[a-z][a-z0-9-]*\.(medium|large|xlarge)$/, "must be an instance type up to xlarge"),
    )
    .min(5)
    .max(16)
    .default([...smallTypes]),
  /** Of a machine, in GiB; its image must fit. */
  volumeGib: z.number().int().min(8).max(64).default(16),
});

export type StackInput = z.input<typeof settings>;

export interface StackSettings extends z.output<typeof settings> {
  monthlyUsd: number;
  caps: { machines: number; vcpus: number };
}

/** Throws ZodError, whose issues name what is wrong. */
export function parseSettings(input: StackInput): StackSettings {
  const parsed = settings.parse(input);
  const { monthlyUsd, ...caps } = capsFor(parsed.students);
  return { ...parsed, monthlyUsd: parsed.monthlyUsd ?? monthlyUsd, caps };
}
