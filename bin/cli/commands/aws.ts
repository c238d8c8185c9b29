import { createInterface } from "node:readline/promises";
import { deployStack, readStack } from "#infra/aws/stack/deploy-stack.ts";
import { destroyStack } from "#infra/aws/stack/destroy-stack.ts";
import { diffStack } from "#infra/aws/stack/diff-stack.ts";
import { openStack, type StackApi } from "#infra/aws/stack/stack-api.ts";
import { StackError } from "#infra/aws/stack/stack-error.ts";
import type { StackOutputs } from "#infra/aws/stack-outputs.ts";
import { workerSettings } from "#infra/aws/worker-settings.ts";
import { loadConfig } from "#infra/config/config.ts";
import { CommandFailure, type ExitCode, exitCode } from "../exit.ts";
import { paint, type Terminal } from "../terminal.ts";
import { type ContentOptions, makeContent } from "./aws/make-content.ts";
import { showChanges, showStep } from "./aws/show.ts";

export interface StackOptions {
  stack?: string;
  region?: string;
}

/** `drydock aws deploy`: makes the stack or changes it, telling each step. */
export function awsDeploy(
  terminal: Terminal,
  options: StackOptions & ContentOptions & { json: boolean },
): Promise<ExitCode> {
  return explained(async () => {
    const api = await openNamedStack(options);
    const content = await makeContent(options);
    const { outcome, outputs } = await deployStack(api, content, (step) => showStep(terminal.err, step));
    terminal.err.write(
      `Stack ${api.name} ${outcome === "unchanged" ? "was up to date" : `is ${outcome}`}.\n`,
    );
    printOutputs(terminal, outputs, options.json);
    return exitCode.ok;
  });
}

/** `drydock aws diff`: what deploying would change. */
export function awsDiff(terminal: Terminal, options: StackOptions & ContentOptions): Promise<ExitCode> {
  return explained(async () => {
    const api = await openNamedStack(options);
    showChanges(terminal.out, await diffStack(api, await makeContent(options)));
    return exitCode.ok;
  });
}

/** `drydock aws outputs`: what the stack says of itself, one a line, as JSON or as variables. */
export function awsOutputs(
  terminal: Terminal,
  options: StackOptions & { json: boolean; env: boolean },
): Promise<ExitCode> {
  return explained(async () => {
    const api = await openNamedStack(options);
    const outputs = await readStack(api);
    if (options.env) {
      const settings = workerSettings(outputs, await api.client.config.region());
      for (const [name, value] of Object.entries(settings)) terminal.out.write(`${name}=${value}\n`);
    } else printOutputs(terminal, outputs, options.json);
    return exitCode.ok;
  });
}

/** `drydock aws destroy`: removes the stack after its name was typed. */
export function awsDestroy(
  terminal: Terminal,
  options: StackOptions & { yes: boolean },
  input: NodeJS.ReadableStream = process.stdin,
): Promise<ExitCode> {
  return explained(async () => {
    const api = await openNamedStack(options);
    if (!options.yes && !(await nameIsTyped(terminal, input, api.name)))
      throw new CommandFailure(
        exitCode.no,
        `That is not the stack's name (${api.name}). Nothing was removed.`,
      );
    const { keptBuckets } = await destroyStack(api, (step) => showStep(terminal.err, step));
    terminal.out.write(`Stack ${api.name} is gone.\n`);
    for (const bucket of keptBuckets)
      terminal.out.write(
        `Kept: bucket ${bucket} with what was handed in. Empty and delete it when it may go.\n`,
      );
    return exitCode.ok;
  });
}

async function nameIsTyped(terminal: Terminal, input: NodeJS.ReadableStream, name: string): Promise<boolean> {
  terminal.err.write(
    `Every machine's network, template and rights go. Type ${paint(terminal.err, "bold", name)}: `,
  );
  const lines = createInterface({ input });
  try {
    for await (const line of lines) return line.trim() === name;
    return false;
  } finally {
    lines.close();
  }
}

/** The stack that the options name. Throws CommandFailure. */
export function openNamedStack({ stack, region }: StackOptions): Promise<StackApi> {
  const name = stack ?? `drydock-${loadConfig().deployment}`;
  if (!/^[A-Za-z][A-Za-z0-9-]{0,39}$/.test(name))
    throw new CommandFailure(
      exitCode.badInput,
      `${name} is no name for a stack: 1 to 40 letters, digits and hyphens, a letter first.`,
    );
  return openStack(name, region === undefined ? {} : { region });
}

function printOutputs(terminal: Terminal, outputs: StackOutputs, json: boolean) {
  if (json) return terminal.out.write(`${JSON.stringify(outputs)}\n`);
  for (const [name, value] of Object.entries(outputs))
    terminal.out.write(`${name.padEnd(24)}${Array.isArray(value) ? value.join(",") : value}\n`);
}

/** Credentials, rights, regions and names are the caller's to put right, the rest is not. */
const callers = new Set([
  "no-credentials",
  "wrong-credentials",
  "no-permission",
  "no-region",
  "missing",
  "template",
]);

/** Runs work whose StackError is a sentence for the caller. */
export async function explained<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof StackError)) throw error;
    const code = callers.has(error.kind) ? exitCode.badInput : exitCode.platformFault;
    throw new CommandFailure(code, error.message, { cause: error });
  }
}
