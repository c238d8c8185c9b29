import { defineKind } from "../../kit/define-kind.ts";
import { scriptSettings } from "./script-settings.ts";

export const shellRun = defineKind({
  kind: "shell/run",
  summary: "Runs a command in a sandboxed container, or a hidden script in the machine.",
  settings: scriptSettings,
  defaultTimeoutSeconds: 60,
  uses: ({ script, files, build, image, where }) => ({
    hiddenFiles: [...(script === undefined ? [] : [script]), ...files],
    ...(where === "machine" || image !== undefined
      ? build === undefined
        ? {}
        : { build: { id: build } }
      : { build: { id: build } }),
  }),
});
