import { z } from "zod";
import { defineKind } from "../../kit/define-kind.ts";
import { httpRequest } from "../../kit/settings/http-request.ts";
import {
  buildId,
  commandArgs,
  partialCredit,
  portNumber,
  sandboxSettings,
} from "../../kit/settings/settings.ts";

const settings = z.strictObject({
  build: buildId,
  args: commandArgs,
  sandbox: sandboxSettings,
  port: portNumber.describe("Port inside the container that must answer."),
  readySeconds: z
    .number()
    .min(0.5)
    .max(300)
    .default(20)
    .describe("The port must accept connections by then."),
  requests: z.array(httpRequest).min(1).max(50).describe("Sent one after the other."),
  partial: partialCredit,
});

export const dockerHttp = defineKind({
  kind: "docker/http",
  summary: "Starts the container and sends it HTTP requests on a network of its own.",
  settings,
  defaultTimeoutSeconds: 60,
  uses: ({ build }) => ({ build: { id: build } }),
});
