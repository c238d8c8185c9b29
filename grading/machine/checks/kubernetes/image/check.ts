import { builtImage } from "../../kit/container/built-image.ts";
import { defineCheck } from "../../kit/define-check.ts";
import { kubernetesImage } from "./settings.ts";

export const loadImage = defineCheck(kubernetesImage, async (context, settings) => {
  const cluster = context.kubernetes();
  const names = settings.names.join(", ");
  await cluster.loadImage(builtImage(context, settings.build), settings.names);
  return {
    verdict: "passed",
    message: {
      expected: `Every node has the built image as ${names}.`,
      happened: `Pods can start from ${names} on ${cluster.nodes.length === 1 ? "the node" : `all ${cluster.nodes.length} nodes`}.`,
      fix: "",
    },
  };
});
