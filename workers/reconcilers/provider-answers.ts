import type { Launcher } from "#grading/machines/launching/launcher.ts";
import type { MachineKind } from "#grading/machines/machine-kind.ts";
import { noMachineSentence, providerTitle } from "#grading/runs/queue/no-machine.ts";
import { actOnEach } from "./kit/act-on-each.ts";
import type { FleetParts } from "./kit/fleet-parts.ts";
import type { Reconciler } from "./kit/loop.ts";

/**
 * Asks the provider all the time, also when no machine is wanted: while it is silent no run is claimed for a machine
 * that nobody would make, and staff are told after a while. And tells every queued run while no machine can be had,
 * for whatever reason, so that no page promises a start.
 */
export function providerAnswers(
  parts: Pick<FleetParts, "sweeps" | "store" | "provider" | "installation" | "timings" | "clock" | "log">,
  launcher: Pick<Launcher, "hear" | "troubleOf">,
  onAgain: () => void,
): Reconciler {
  const { sweeps, store, provider, timings, clock, log } = parts;
  const notice = { action: "fleet.provider-silent", subject: `provider:${provider.name}` } as const;
  let silentSince: Date | null = null;
  // A worker before this one may have told something and ended.
  let told = true;
  const nothingTold = new Set<MachineKind>();

  const answered = async () => {
    silentSince = null;
    if (launcher.hear(true)) {
      log.info({ provider: provider.name }, "The provider answers again.");
      onAgain();
    }
    if (told) await store.settleNotice(notice);
    told = false;
  };
  const silent = async (err: unknown, since: Date) => {
    if (silentSince === null) {
      log.error({ err, provider: provider.name }, "The provider does not answer.");
      silentSince = since;
      told = false;
    }
    launcher.hear(false);
    if (told || Math.abs(clock().getTime() - silentSince.getTime()) < timings.providerPatienceMs) return;
    const title = providerTitle(provider.name);
    const why = err instanceof Error ? err.message : String(err);
    await store.tellStaff({
      ...notice,
      reason: `No machine can be started or ended: ${title} does not answer (${why}).`,
    });
    told = true;
  };
  const tellRuns = async (machineKind: MachineKind) => {
    const trouble = launcher.troubleOf(machineKind);
    if (trouble === null && nothingTold.has(machineKind)) return;
    const reason = trouble === null ? null : noMachineSentence(trouble, provider.name);
    const runs = await sweeps.toldOther(machineKind, "no_machines", reason);
    await actOnEach(log, "provider-answers", runs, (run) => store.tellWaiting(run, "no_machines", reason));
    if (trouble === null) nothingTold.add(machineKind);
    else nothingTold.delete(machineKind);
  };
  return {
    name: "provider-answers",
    everyMs: timings.every.providerAnswers,
    pass: async () => {
      const since = clock();
      const failure = await provider.list(parts.installation).then(
        () => null,
        (err: unknown) => ({ err }),
      );
      if (failure === null) await answered();
      else await silent(failure.err, since);
      for (const machineKind of await sweeps.queuedKinds()) await tellRuns(machineKind);
    },
  };
}
