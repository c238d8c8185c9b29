import { ZodError } from "zod";
import type { StackContent } from "#infra/aws/stack/deploy-stack.ts";
import { findS3PrefixList } from "#infra/aws/stack/find-s3-prefix-list.ts";
import { parseSettings, type StackInput } from "#infra/aws/stack-settings.ts";
import { writeTags } from "#infra/compute/ec2/tags.ts";
import { loadConfig } from "#infra/config/config.ts";
import { CommandFailure, exitCode } from "../../exit.ts";
import { withInstallation } from "../../with-database.ts";

/** As the command line gives them. */
export interface ContentOptions {
  region?: string;
  controller: string;
  controllerPort: number;
  controllerHost?: string;
  students: number;
  email: string;
  monthlyUsd?: number;
  instanceTypes?: string;
  volumeGib?: number;
  s3PrefixList?: string;
  installation?: string;
}

const splitList = (text: string) => text.split(/[\s,]+/).filter((part) => part !== "");

/** The template and tags of the stack. Throws CommandFailure naming each wrong option, and StackError. */
export async function makeContent(options: ContentOptions): Promise<StackContent> {
  const input = {
    installation: options.installation ?? "not-asked-yet",
    deployment: loadConfig().deployment,
    controller: {
      networks: splitList(options.controller),
      port: options.controllerPort,
      host: options.controllerHost,
    },
    s3PrefixList: options.s3PrefixList ?? "pl-00000000",
    students: options.students,
    email: options.email,
    monthlyUsd: options.monthlyUsd,
    instanceTypes: options.instanceTypes === undefined ? undefined : splitList(options.instanceTypes),
    volumeGib: options.volumeGib,
  };
  // What was typed is judged before anything is asked of a database or of AWS.
  parse(input);
  const settings = parse({
    ...input,
    installation:
      options.installation ?? (await withInstallation(async (_db, _config, installation) => installation)),
    s3PrefixList:
      options.s3PrefixList ??
      (await findS3PrefixList(options.region === undefined ? {} : { region: options.region })),
  });
  const { synthesize } = await loadCdk();
  return { template: synthesize(settings), tags: writeTags(settings) };
}

function parse(input: StackInput) {
  try {
    return parseSettings(input);
  } catch (error) {
    if (!(error instanceof ZodError)) throw error;
    const lines = error.issues.map(({ path, message }) => `  ${optionOf(path)}: ${message}`);
    throw new CommandFailure(exitCode.badInput, `The stack cannot be made so:\n${lines.join("\n")}`, {
      cause: error,
    });
  }
}

/** The option by which a setting of the stack was given. */
function optionOf([setting, part]: PropertyKey[]): string {
  const name =
    setting === "controller" && part !== "networks" ? `controller-${String(part)}` : String(setting);
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** Installed by default, and left out by those who never deploy. */
async function loadCdk() {
  try {
    return await import("#infra/aws/synthesize.ts");
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND")) throw error;
    throw new CommandFailure(
      exitCode.platformFault,
      "The AWS CDK is not installed here. Run: npm install --include=optional",
      { cause: error },
    );
  }
}
