import { z } from "zod";
import { defineCheck } from "../../define-check.ts";
import { ContainerNotStarted } from "../../kit/container/blame-start.ts";
import { builtImage } from "../../kit/container/built-image.ts";
import { httpRequest } from "../../kit/http/http-request.ts";
import { judgeRequest } from "../../kit/http/judge-request.ts";
import { notStarted } from "../../kit/container/not-started.ts";
import { buildId, commandArgs, partialCredit, portNumber, sandboxSettings } from "../../kit/settings.ts";
import { judgeParts, type Part } from "../../kit/credit/share-credit.ts";
import { withContainer } from "../../kit/container/start-container.ts";
import { waitForPort } from "./wait-for-port.ts";
import { withNetwork } from "./with-network.ts";

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

export const callHttp = defineCheck({
  kind: "docker/http",
  summary: "Starts the container and sends it HTTP requests on a network of its own.",
  settings,
  defaultTimeoutSeconds: 60,
  uses: ({ build }) => ({ build: { id: build } }),

  async run(context, settings) {
    const image = builtImage(context, settings.build);
    const { args, sandbox, port } = settings;
    const expected = `The container answers HTTP on port ${port} within ${settings.readySeconds} s.`;
    try {
      return await withNetwork(context, (network) =>
        withContainer(context, sandbox, { image, args, network }, async (running) => {
          const ready = await waitForPort(context, running, network, settings);
          if (ready.outcome === "not-ready")
            return { verdict: "failed", message: { expected, happened: ready.happened, fix: ready.fix } };
          const parts: Part[] = [];
          for (const each of settings.requests)
            parts.push(await judgeRequest(context, running, ready.address, settings, each));
          context.staff(running.output());
          return judgeParts(
            parts,
            settings.partial,
            context.maxPoints,
            `Every request to port ${port} was answered as asked.`,
          );
        }),
      );
    } catch (error) {
      if (error instanceof ContainerNotStarted) return notStarted(error, expected);
      throw error;
    }
  },
});
