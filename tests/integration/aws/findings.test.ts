import { readFile } from "node:fs/promises";
import path from "node:path";
import type { CfnQueue } from "aws-cdk-lib/aws-sqs";
import {
  type App,
  CloudFormationValidatePlugin,
  type IPolicyValidationPlugin,
  Validations,
} from "aws-cdk-lib/core";
import { AwsSolutionsChecks } from "cdk-nag";
import { expect, test } from "vitest";
import { acceptedFindings } from "#infra/aws/accepted-findings.ts";
import { buildApp } from "#infra/aws/synthesize.ts";
import { settingsOfTest } from "./support/stack-of-test.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

interface Report {
  pluginReports: {
    violations: { ruleName: string; violatingConstructs: { constructPath: string }[] }[];
  }[];
}

async function build(makePlugin: (app: App) => IPolicyValidationPlugin) {
  const outdir = await temporaryFolder();
  const { app, stack } = buildApp(settingsOfTest, outdir);
  const plugin = makePlugin(app);
  Validations.of(app).addPlugins(plugin);
  /** "where rule" of each finding, errors and warnings. */
  const findings = async () => {
    const report = JSON.parse(await readFile(path.join(outdir, "validation-report.json"), "utf8")) as Report;
    return report.pluginReports.flatMap(({ violations }) =>
      violations.flatMap(({ ruleName, violatingConstructs }) =>
        violatingConstructs.map(({ constructPath }) => `${constructPath} ${ruleName}`),
      ),
    );
  };
  return { app, stack, findings };
}

test("of AWS's own rules only those are broken for which a reason stands, and each reason is still needed", async () => {
  const { app, findings } = await build((scope) => new AwsSolutionsChecks(scope));
  expect(() => app.synth()).toThrow(/AwsSolutions/);
  const accepted = acceptedFindings.flatMap(({ rule, on }) => on.map((place) => `Drydock/${place} ${rule}`));
  expect((await findings()).sort()).toEqual(accepted.sort());
  for (const { reason } of acceptedFindings) expect(reason.length).toBeGreaterThan(20);
});

test("the CDK's validator of templates finds nothing, not even a warning, but what was put in for it to find", async () => {
  const { app, stack, findings } = await build(() => new CloudFormationValidatePlugin());
  const queue = stack.node.findChild("Interruptions").node.findChild("Queue") as CfnQueue;
  queue.addPropertyOverride("NoSuchProperty", true);
  app.synth();
  await expect(findings()).resolves.toEqual(["Drydock/Interruptions/Queue F3002"]);
}, 300_000);
