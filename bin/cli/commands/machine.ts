import { dayMs } from "#course/clock.ts";
import { plainKinds } from "#grading/machines/machine-kind.ts";
import { systemClock } from "#infra/clock/clock.ts";
import { ensureEngine } from "#infra/machine/engine/ensure-engine.ts";
import { describeMachineImage } from "#infra/machine/ensure-image.ts";
import { stated } from "#infra/machine/image-facts.ts";
import { showMachineImage } from "../../demo/machine-image.ts";
import { createProgress } from "../../demo/progress.ts";
import { type ExitCode, exitCode } from "../exit.ts";
import type { Terminal } from "../terminal.ts";

/** Of every facility by itself. */
const machineKinds = plainKinds();

/** `drydock machine versions`: what machines on this computer are made from, and how old it is. */
export async function machineVersions(terminal: Terminal, options: { json: boolean }): Promise<ExitCode> {
  const engine = await ensureEngine({ install: false, onProgress: () => {} });
  try {
    const images = await Promise.all(
      machineKinds.map(async (machineKind) => ({
        machineKind,
        made: await describeMachineImage(engine.docker, machineKind),
      })),
    );
    if (options.json) {
      terminal.out.write(
        `${JSON.stringify(images.map(({ machineKind, made }) => ({ kind: machineKind, ...made })))}\n`,
      );
      return exitCode.ok;
    }
    for (const { machineKind, made } of images) {
      if (made === null) {
        terminal.out.write(`${machineKind}: not made yet; the first run that needs it has it made.\n`);
        continue;
      }
      const days = Math.floor((systemClock().getTime() - made.madeAt.getTime()) / dayMs);
      const age = days === 0 ? "today" : `${days} day${days === 1 ? "" : "s"} ago`;
      terminal.out.write(
        `${machineKind}: ${made.image}, packages of ${made.madeAt.toISOString().slice(0, 10)} (${age})\n`,
      );
      for (const name of stated) {
        const version = made.versions[name];
        if (version !== undefined) terminal.out.write(`  ${name.padEnd(12)}${version}\n`);
      }
    }
    return exitCode.ok;
  } finally {
    await engine.stop();
  }
}

/** `drydock machine refresh`: makes what is there anew, with the packages of today; a site that runs goes on meanwhile. */
export async function machineRefresh(terminal: Terminal): Promise<ExitCode> {
  const engine = await ensureEngine({ install: false, onProgress: () => {} });
  try {
    const progress = createProgress();
    const notBefore = systemClock();
    for (const machineKind of machineKinds) {
      if (
        (await describeMachineImage(engine.docker, machineKind)) === null &&
        machineKind !== machineKinds[0]
      )
        continue;
      await showMachineImage(progress, { docker: engine.docker, machineKind, notBefore });
    }
    return await machineVersions(terminal, { json: false });
  } finally {
    await engine.stop();
  }
}
