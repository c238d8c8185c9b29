import { z } from "zod";
import { ConfigError } from "./config.ts";
import { regionVariable } from "./ec2.ts";
import { oneOf, ruleLines, variable } from "./variable.ts";

const variables = z.object({
  DRYDOCK_PROVIDER: oneOf(["docker", "ec2"], "docker"),
  /** Never looked up: a copied database would name the machines of its original. */
  DRYDOCK_INSTALLATION: variable(
    z
      .string()
      .regex(/^ins_[A-Za-z0-9_-]{1,36}$/)
      .optional(),
    "the id of the Drydock whose machines are meant, also given by --installation; drydock aws outputs names it, and so does SELECT id FROM installation in its database",
    "ins_01jd3k8x2mxyzabcdefghjkmnp",
  ),
  AWS_REGION: regionVariable,
});

/** What a reaper has to know: much less than a worker, so that it runs where nothing else of Drydock does. */
export type ReaperConfig = { installation: string } & (
  | { provider: "docker" }
  | { provider: "ec2"; region: string }
);

/** given: what the command line says, before the environment. Throws ConfigError, which names the variables. */
export function loadReaperConfig(
  given: { installation?: string | undefined; region?: string | undefined },
  env: Record<string, string | undefined> = process.env,
): ReaperConfig {
  const parsed = variables.safeParse({
    ...env,
    ...(given.installation !== undefined && { DRYDOCK_INSTALLATION: given.installation }),
    ...(given.region !== undefined && { AWS_REGION: given.region }),
  });
  if (!parsed.success)
    throw new ConfigError(
      ruleLines(variables.shape, new Set(parsed.error.issues.map(({ path }) => String(path[0])))),
    );
  const { DRYDOCK_INSTALLATION: installation, AWS_REGION: region } = parsed.data;
  const onEc2 = parsed.data.DRYDOCK_PROVIDER === "ec2";
  if (installation !== undefined && !onEc2) return { provider: "docker", installation };
  if (installation !== undefined && region !== undefined) return { provider: "ec2", installation, region };
  const missing = [
    ...(installation === undefined ? ["DRYDOCK_INSTALLATION"] : []),
    ...(onEc2 && region === undefined ? ["AWS_REGION"] : []),
  ];
  throw new ConfigError(ruleLines(variables.shape, missing, "is needed, and must be"));
}
