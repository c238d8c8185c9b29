import { z } from "zod";
import { defineKind } from "../../kit/define-kind.ts";
import { buildId, partialCredit, portNumber, regexSource, textMatch } from "../../kit/settings/settings.ts";

const settings = z.strictObject({
  build: buildId,
  maxSizeMiB: z.number().positive().optional().describe("Largest size, all layers together, unpacked."),
  maxOwnMiB: z
    .number()
    .positive()
    .optional()
    .describe("Largest size of what the Dockerfile adds to its base image."),
  maxLayers: z
    .number()
    .int()
    .positive()
    .optional()
    .describe("Most layers, those of the base image included."),
  notRoot: z.boolean().default(false).describe("Whether the image's user must be set and not be root."),
  labels: z
    .record(z.string(), textMatch.nullable())
    .default({})
    .describe("Labels that must be there; null takes any value."),
  exposes: z.array(portNumber).default([]).describe("Ports that must be exposed."),
  noSecrets: z
    .boolean()
    .default(false)
    .describe(
      "Whether to search every layer, history and environment for private keys, AWS keys, .env files and the patterns below, also in files that a later layer deletes.",
    ),
  secretPatterns: z
    .array(
      z.strictObject({
        name: z.string().max(80).describe("What was found, for the message."),
        regex: regexSource,
      }),
    )
    .max(20)
    .default([])
    .describe("More that counts as a secret, such as the password of the starter files."),
  partial: partialCredit,
});

export const dockerImage = defineKind({
  kind: "docker/image",
  summary: "Looks at the built image: size, user, layers, labels, ports, and secrets in any layer.",
  settings,
  defaultTimeoutSeconds: 60,
  // No program of the student's runs here.
  timeLimitFault: "platform",
  uses: ({ build }) => ({ build: { id: build } }),
});
