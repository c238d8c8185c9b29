import { Command, Option } from "commander";

export interface DemoOptions {
  once: boolean;
  json: boolean;
  exercise: string;
  /** Fills the course with a class. */
  course: boolean;
  installEngine: boolean;
  /** ec2-local: machines are instances of an EC2 that runs on this computer. */
  provider: "docker" | "ec2-local";
}

/** Parses the demo's own arguments; commander prints help and usage errors. */
export function parseDemoOptions(argv: string[]): DemoOptions {
  const command = new Command("npm run demo --")
    .description(
      "Sets everything up, grades the reference submission as a student, and leaves the site running.",
    )
    .option("--once", "stop everything at the end", false)
    .option("--json", "end with one line of JSON on standard output", false)
    .option("--course", "fill the course with a class of 62, their teams, presentations and surveys", false)
    .option("--exercise <slug>", "the exercise to hand in", "docker-containers")
    .addOption(
      new Option(
        "--provider <name>",
        "where machines are: containers here, or instances of an EC2 that runs here",
      )
        .choices(["docker", "ec2-local"])
        .default("docker"),
    )
    .option("--no-install-engine", "fail when no Docker engine runs instead of installing Debian's");
  const options = command.parse(argv, { from: "user" }).opts<DemoOptions>();
  return options;
}
