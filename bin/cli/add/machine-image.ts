import { type Command, InvalidArgumentError, Option } from "commander";
import { plainKinds } from "#grading/machines/machine-kind.ts";
import type { ExitCode } from "../exit.ts";
import { withStack } from "../stack-options.ts";
import type { Terminal } from "../terminal.ts";

/** `drydock machine-image …`: what machines on EC2 are made from. */
export function addMachineImage(root: Command, terminal: Terminal, keep: (code: ExitCode) => void) {
  const image = root
    .command("machine-image")
    .description("what machines on EC2 are made from; for those on this computer see drydock machine");
  const described = (name: string, description: string) =>
    withStack(
      image
        .command(name)
        .description(description)
        .addOption(
          new Option("--provider <name>", "DRYDOCK_PROVIDER when not given").choices(["docker", "ec2"]),
        ),
    );
  const withBucket = (command: Command) =>
    command.option("--s3-endpoint <address>", "of an emulator's S3, with AWS_ENDPOINT_URL for the rest");
  withBucket(
    described("build", "make the images of this version that the account lacks, each by a builder instance"),
  )
    .addOption(new Option("--kind <kind>", "this machine kind alone").choices(plainKinds()))
    .option("--anew", "also those that are there, with today's packages", false)
    .option("--end-builders", "end the builders of other computers, whose process is gone", false)
    .action(async (options) => {
      const { machineImageBuild } = await import("../commands/machine-image.ts");
      keep(await machineImageBuild(terminal, options));
    });
  described("list", "print the images that the account has for this Drydock")
    .option("--json", "print them as one line of JSON", false)
    .action(async (options) => {
      const { machineImageList } = await import("../commands/machine-image.ts");
      keep(await machineImageList(terminal, options));
    });
  described("prune", "remove old images with their snapshots, never what this version uses")
    .option("--keep <number>", "of each kind so many of the newest", atLeastOne, 2)
    .option("--dry-run", "say what would be removed, and remove nothing", false)
    .option("--yes", "do not ask", false)
    .action(async (options) => {
      const { machineImagePrune } = await import("../commands/machine-image.ts");
      keep(await machineImagePrune(terminal, options));
    });
}

function atLeastOne(text: string): number {
  if (!/^[1-9]\d{0,2}$/.test(text)) throw new InvalidArgumentError("It must be a whole number from 1 on.");
  return Number(text);
}
