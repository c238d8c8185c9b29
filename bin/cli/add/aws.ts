import { type Command, InvalidArgumentError } from "commander";
import type { ExitCode } from "../exit.ts";
import { withStack } from "../stack-options.ts";
import type { Terminal } from "../terminal.ts";

/** `drydock aws …`: the stack in an AWS account that machines of provider ec2 need. */
export function addAws(root: Command, terminal: Terminal, keep: (code: ExitCode) => void) {
  const aws = root.command("aws").description("the stack in an AWS account that machines on EC2 need");
  const described = (name: string, description: string) =>
    withStack(aws.command(name).description(description));
  const withContent = (command: Command) =>
    command
      .requiredOption(
        "--controller <networks>",
        "IPv4 networks of this Drydock as machines see it, separated by commas: 203.0.113.7/32",
      )
      .requiredOption(
        "--students <number>",
        "size of the class, which says how many machines and what they may cost",
        whole,
      )
      .requiredOption("--email <address>", "who is told of costs and alarms")
      .option("--controller-port <port>", "where machines call", whole, 443)
      .option("--controller-host <name>", "the host name that machines call, if it is not an address")
      .option(
        "--monthly-usd <dollars>",
        "costs of the account in a month after which somebody is told",
        whole,
      )
      .option("--instance-types <types>", "what machines may be, separated by commas")
      .option("--volume-gib <number>", "disk of a machine", whole)
      .option("--s3-prefix-list <id>", "of S3 in the region; looked up when not given")
      .option("--installation <id>", "of this Drydock; read from the configured database when not given");
  withContent(described("deploy", "make the stack, or bring it up to this version"))
    .option("--json", "print the outputs as one line of JSON", false)
    .action(async (options) => {
      const { awsDeploy } = await import("../commands/aws.ts");
      keep(await awsDeploy(terminal, options));
    });
  withContent(described("diff", "show what deploying would change, and change nothing")).action(
    async (options) => {
      const { awsDiff } = await import("../commands/aws.ts");
      keep(await awsDiff(terminal, options));
    },
  );
  described("destroy", "remove the stack; the bucket with submissions is kept")
    .option("--yes", "do not ask for the stack's name", false)
    .action(async (options) => {
      const { awsDestroy } = await import("../commands/aws.ts");
      keep(await awsDestroy(terminal, options));
    });
  described("outputs", "print what the stack says of itself")
    .option("--json", "print it as one line of JSON", false)
    .option("--env", "print it as the variables that web and worker need", false)
    .action(async (options) => {
      const { awsOutputs } = await import("../commands/aws.ts");
      keep(await awsOutputs(terminal, options));
    });
}

function whole(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError("It must be a whole number.");
  return Number(text);
}
