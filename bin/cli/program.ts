import { Command, Option } from "commander";
import { addAws } from "./add/aws.ts";
import { addCourse } from "./add/course.ts";
import { addExercise } from "./add/exercise.ts";
import { addFleet } from "./add/fleet.ts";
import { addMachineImage } from "./add/machine-image.ts";
import { type ExitCode, exitCode } from "./exit.ts";
import type { Terminal } from "./terminal.ts";

/** The command line with what its last command ended with. */
export interface Program {
  parseAsync(argv: string[]): Promise<unknown>;
  readonly result: ExitCode;
}

/** Every command with its arguments. What a command needs is loaded when it is called, so that help is quick. */
export function createProgram(terminal: Terminal): Program {
  let result: ExitCode = exitCode.ok;
  const keep = (code: ExitCode) => {
    result = code;
  };
  const root = new Command("drydock")
    .description(
      "Grades submissions in machines of their own, and looks after exercises, courses and receipts.",
    )
    .option("--verbose", "show where an error came from")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out.write(text),
      writeErr: (text) => terminal.err.write(text),
      getOutHasColors: () => terminal.out.colour,
      getErrHasColors: () => terminal.err.colour,
    })
    .showHelpAfterError("(drydock --help lists the commands)");
  addGrade(root, terminal, keep);
  addExercise(root, terminal, keep);
  addReceipt(root, terminal, keep);
  addMachine(root, terminal, keep);
  addMachineImage(root, terminal, keep);
  addAdministration(root, terminal, keep);
  addCourse(root, terminal, keep);
  addStorage(root, terminal, keep);
  addFleet(root, terminal, keep);
  addAws(root, terminal, keep);
  return {
    parseAsync: (argv) => root.parseAsync(argv),
    get result() {
      return result;
    },
  };
}

type Keep = (code: ExitCode) => void;

function addGrade(root: Command, terminal: Terminal, keep: Keep) {
  root
    .command("grade")
    .description("grade a folder or an archive in a machine on this computer")
    .argument("<exercise-dir>", "folder with exercise.yaml")
    .argument("<submission>", "folder, zip, tar or tar.gz")
    .option("--json", "print the result as one line of JSON", false)
    .option("--install-engine", "install Debian's Docker engine when none runs (as root)", false)
    .action(
      async (exerciseDir: string, submission: string, options: { json: boolean; installEngine: boolean }) => {
        const { grade } = await import("./commands/grade.ts");
        keep(await grade(terminal, exerciseDir, submission, options));
      },
    );
}

function addReceipt(root: Command, terminal: Terminal, keep: Keep) {
  const receipt = root.command("receipt").description("check receipts of submissions, and keep their keys");
  receipt
    .command("verify")
    .description("check a receipt's signature, offline when the keys are in a file")
    .argument("<file>", "the receipt as it was given out (text or JSON)")
    .option("--keys <file-or-url>", "published keys; those of this configuration's site when not given")
    .option("--submission <file>", "the bytes handed in, to be compared with the receipt")
    .action(async (file: string, options: { keys?: string; submission?: string }) => {
      const { receiptVerify } = await import("./commands/receipt-verify.ts");
      keep(await receiptVerify(terminal, file, options));
    });
  receipt
    .command("rotate")
    .description("sign receipts with a new key from now on; those given so far stay valid")
    .action(async () => {
      const { receiptRotate } = await import("./commands/receipt-keys.ts");
      keep(await receiptRotate(terminal));
    });
  receipt
    .command("revoke")
    .description("say that others may have had a key: receipts signed with it stop being valid")
    .argument("<kid>", "the key's id, as rotate, verify and /.well-known/jwks.json name it")
    .action(async (kid: string) => {
      const { receiptRevoke } = await import("./commands/receipt-keys.ts");
      keep(await receiptRevoke(terminal, kid));
    });
}

function addMachine(root: Command, terminal: Terminal, keep: Keep) {
  const machine = root.command("machine").description("what machines on this computer are made from");
  machine
    .command("versions")
    .description("print what is in the machine images, and how old it is")
    .option("--json", "print it as one line of JSON", false)
    .action(async (options: { json: boolean }) => {
      const { machineVersions } = await import("./commands/machine.ts");
      keep(await machineVersions(terminal, options));
    });
  machine
    .command("refresh")
    .description("make the machine images anew with today's packages; runs go on with the old ones meanwhile")
    .action(async () => {
      const { machineRefresh } = await import("./commands/machine.ts");
      keep(await machineRefresh(terminal));
    });
}

function addAdministration(root: Command, terminal: Terminal, keep: Keep) {
  root
    .command("user")
    .description("people who may sign in")
    .command("add")
    .description("make an account, or give an existing one a new password and enrollment")
    .argument("<email>")
    .requiredOption("--name <name>", "as others see it")
    .option("--course <slug>", "enroll in this course")
    .option("--role <role>", "student, ta or instructor", "student")
    .option("--section <code>", "section of the course, such as 562")
    .option(
      "--password-stdin",
      "read the password from standard input; one is made and printed otherwise",
      false,
    )
    .action(async (email: string, options) => {
      const { userAdd } = await import("./commands/user-add.ts");
      keep(await userAdd(terminal, email, options));
    });
}

function addStorage(root: Command, terminal: Terminal, keep: Keep) {
  root
    .command("storage")
    .description("where submissions and the files of exercises lie")
    .command("copy")
    .description(
      "copy every stored file to the bucket or back to the disk, and compare it there; removes none",
    )
    .addOption(new Option("--to <store>", "where to").choices(["s3", "disk"]).makeOptionMandatory())
    .option("--dry-run", "say what would be copied, and copy nothing", false)
    .action(async (options: { to: "s3" | "disk"; dryRun: boolean }) => {
      const { storageCopy } = await import("./commands/storage-copy.ts");
      keep(await storageCopy(terminal, options));
    });
}
