import { defineCheck } from "../../kit/define-check.ts";
import { runInContainer, runInMachine } from "./run-script.ts";
import { shellRun } from "./settings.ts";

export const runScript = defineCheck(shellRun, async (context, settings) => {
  return settings.where === "machine" ? runInMachine(context, settings) : runInContainer(context, settings);
});
