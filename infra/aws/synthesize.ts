import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { App } from "aws-cdk-lib/core";
import { DrydockStack } from "./drydock-stack.ts";
import type { StackSettings } from "./stack-settings.ts";

/** The stack in an app that writes into a folder. The CDK's own check of templates takes long, so that a test has it. */
export function buildApp(settings: StackSettings, outdir: string) {
  const app = new App({
    outdir,
    analyticsReporting: false,
    treeMetadata: false,
    builtinCloudFormationValidation: false,
  });
  return { app, stack: new DrydockStack(app, "Drydock", settings) };
}

/** The stack's template as JSON, made offline. */
export function synthesize(settings: StackSettings): string {
  const outdir = mkdtempSync(path.join(tmpdir(), "drydock-stack-"));
  try {
    const { app, stack } = buildApp(settings, outdir);
    return JSON.stringify(app.synth().getStackByName(stack.stackName).template);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
