import { z } from "zod";
import { defineCheck } from "../../define-check.ts";
import { builtImage } from "../../kit/container/built-image.ts";
import { judgeImage } from "./judge-image.ts";
import { judgeSecrets } from "./judge-secrets.ts";
import { countOwnLayers } from "./own-layers.ts";
import { buildId, partialCredit, portNumber, regexSource, textMatch } from "../../kit/settings.ts";
import { judgeParts } from "../../kit/credit/share-credit.ts";

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

export const inspectImage = defineCheck({
  kind: "docker/image",
  summary: "Looks at the built image: size, user, layers, labels, ports, and secrets in any layer.",
  settings,
  defaultTimeoutSeconds: 60,
  // No program of the student's runs here.
  timeLimitFault: "platform",
  uses: ({ build }) => ({ build: { id: build } }),

  async run(context, settings) {
    const image = builtImage(context, settings.build);
    const inspected = await context.docker.getImage(image).inspect();
    const ownLayers = await countOwnLayers(context.docker, inspected);
    const parts = judgeImage(inspected, ownLayers, settings);
    if (settings.noSecrets)
      parts.push(await judgeSecrets(context, inspected, ownLayers, settings.secretPatterns));
    if (parts.length === 0)
      return {
        verdict: "not_graded",
        fault: "exercise",
        message: {
          expected: "The check says what the image must be.",
          happened: "Its settings ask for nothing.",
          fix: "Nothing to fix on your side; staff are told.",
        },
      };
    return judgeParts(parts, settings.partial, context.maxPoints, "The image is as asked.");
  },
});
