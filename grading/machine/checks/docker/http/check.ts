import { ContainerNotStarted } from "../../kit/container/blame-start.ts";
import { builtImage } from "../../kit/container/built-image.ts";
import { notStarted } from "../../kit/container/not-started.ts";
import { withContainer } from "../../kit/container/start-container.ts";
import { judgeParts, type Part } from "../../kit/credit/share-credit.ts";
import { defineCheck } from "../../kit/define-check.ts";
import { judgeRequest } from "../../kit/http/judge-request.ts";
import { noteRequests } from "../../kit/shown/request-notes.ts";
import { programWrote } from "../../kit/shown/shown.ts";
import { dockerHttp } from "./settings.ts";
import { waitForPort } from "./wait-for-port.ts";
import { withNetwork } from "./with-network.ts";

export const callHttp = defineCheck(dockerHttp, async (context, settings) => {
  const image = builtImage(context, settings.build);
  const { args, sandbox, port } = settings;
  const expected = `The container answers HTTP on port ${port} within ${settings.readySeconds} s.`;
  const excerpt = context.shown.excerpt(programWrote);
  const tried = noteRequests(context);
  try {
    return await withNetwork(context, (network) =>
      withContainer(context, sandbox, { image, args, network, excerpt }, async (running) => {
        try {
          const ready = await waitForPort(context, running, network, settings, tried);
          if (ready.outcome === "not-ready")
            return { verdict: "failed", message: { expected, happened: ready.happened, fix: ready.fix } };
          const parts: Part[] = [];
          for (const each of settings.requests)
            parts.push(await judgeRequest(context, running, ready.address, settings, each, tried));
          return judgeParts(
            parts,
            settings.partial,
            context.maxPoints,
            `Every request to port ${port} was answered as asked.`,
          );
        } finally {
          context.staff(running.output());
        }
      }),
    );
  } catch (error) {
    if (error instanceof ContainerNotStarted) return notStarted(error, expected);
    throw error;
  }
});
