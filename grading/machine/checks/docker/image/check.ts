import { builtImage } from "../../kit/container/built-image.ts";
import { judgeParts } from "../../kit/credit/share-credit.ts";
import { defineCheck } from "../../kit/define-check.ts";
import { judgeImage } from "./judge-image.ts";
import { judgeSecrets } from "./judge-secrets.ts";
import { countOwnLayers } from "./own-layers.ts";
import { dockerImage } from "./settings.ts";

export const inspectImage = defineCheck(dockerImage, async (context, settings) => {
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
});
