import type { Command } from "commander";

/** The options that say which stack a command is about. */
export const withStack = (command: Command): Command =>
  command
    .option("--stack <name>", "of the stack; drydock-<deployment> when not given")
    .option("--region <region>", "AWS region; AWS_REGION or the profile's when not given");
