import type { Launcher } from "#grading/machines/launching/launcher.ts";
import type { MachineKind } from "#grading/machines/machine-kind.ts";
import type { Market } from "#grading/machines/provider.ts";
import type { NoticeKey, StaffNotice } from "#grading/notices/staff-notice.ts";
import type { HeldBy } from "#grading/runs/demand/held-by-money.ts";
import { moneyCodes, moneyNotices } from "#grading/runs/demand/money-notices.ts";
import type { OpenRun } from "#grading/runs/demand/open-run.ts";
import { noMoneySentence, stoppedSentence } from "#grading/runs/queue/no-money.ts";
import type { WaitCode } from "#grading/runs/run-state.ts";
import type { RunStarter } from "#grading/runs/start-run.ts";
import { actOnEach } from "./kit/act-on-each.ts";
import type { FleetParts } from "./kit/fleet-parts.ts";
import type { Reconciler } from "./kit/loop.ts";

/**
 * Tells staff once of each reason for which runs wait for money, or that the fleet is stopped, and then every queued run
 * why it waits: what a run is told says that staff know. Where there is money again the queue is looked at at once: a new
 * day, a raised limit, a machine that ended; and whoever does not wait for it at two looks in a row is told so.
 */
export function moneyWaits(
  parts: Pick<FleetParts, "sweeps" | "store" | "timings" | "clock" | "log">,
  starter: Pick<RunStarter, "limits">,
  launcher: Pick<Launcher, "lastPriceOf">,
  onAgain: () => void,
): Reconciler {
  const { sweeps, store, timings, clock, log } = parts;
  // By notice, what this worker told and what it says: what staff marked as done is not told again.
  const told = new Map<string, string>();
  // Notices and runs for which there was money at the last look. Each run is looked at as if it were the only one to start:
  // what one machine's end sets free, the next run takes, and the others wait as before.
  let free = new Set<string>();

  const tellStaff = async (
    notices: readonly StaffNotice[],
    isSure: boolean,
    freeNow: Set<string>,
  ): Promise<boolean> => {
    await actOnEach(log, "money-waits", notices, async (notice) => {
      if (told.get(keyOf(notice)) === notice.reason) return;
      await store.tellStaff(notice);
      told.set(keyOf(notice), notice.reason);
    });
    const wanted = new Set(notices.map(keyOf));
    if (isSure) {
      // A worker before this one may have told something and ended.
      const over = (await sweeps.openNotices(moneyCodes)).filter((open) => !wanted.has(keyOf(open)));
      for (const key of [...told.keys(), ...over.map(keyOf)]) if (!wanted.has(key)) freeNow.add(key);
      for (const key of told.keys()) if (!wanted.has(key) && free.has(key)) told.delete(key);
      const overForGood = over.filter((open) => open.action === "fleet.stopped" || free.has(keyOf(open)));
      await actOnEach(log, "money-waits", overForGood, (key) => store.settleNotice(key));
    }
    return notices.every((notice) => told.get(keyOf(notice)) === notice.reason);
  };
  return {
    name: "money-waits",
    everyMs: timings.every.moneyWaits,
    pass: async () => {
      const usdPerHourOf = (machineKind: MachineKind, market: Market) =>
        launcher.lastPriceOf(machineKind, market);
      const { queued, held, stop } = await sweeps.money({ ...starter.limits, usdPerHourOf }, clock());
      // Whoever waited for money before this worker began goes on to, until the price is asked for anew.
      const isUnpriced = (run: OpenRun) =>
        run.reasonCode === "budget" && stop === null && usdPerHourOf(run.machineKind, "spot") === null;
      const isSure = !queued.some(isUnpriced);
      const freeNow = new Set<string>();
      const knows = await tellStaff(moneyNotices(held.values(), stop), isSure, freeNow);
      if (!knows) return;
      let freed = false;
      const known = queued.filter((run) => !isUnpriced(run));
      await actOnEach(log, "money-waits", known, async (run) => {
        const wait = waitOf(held.get(run.id));
        const before = moneyWaitOf(run);
        if (before !== null && wait === null) freeNow.add(run.id);
        freed ||= freeNow.has(run.id) && !free.has(run.id);
        if (
          before !== null &&
          before !== wait?.code &&
          (before !== "budget" || wait !== null || free.has(run.id))
        )
          await store.tellWaiting(runOf(run), before, null);
        if (wait !== null && (run.reasonCode !== wait.code || run.reason !== wait.reason))
          await store.tellWaiting(runOf(run), wait.code, wait.reason);
      });
      free = freeNow;
      if (freed) onAgain();
    },
  };
}

const keyOf = ({ action, subject }: NoticeKey) => `${action} ${subject}`;
const runOf = ({ id, attempt }: OpenRun) => ({ runId: id, attempt });

function waitOf(by: HeldBy | undefined): { code: WaitCode; reason: string } | null {
  if (by === undefined) return null;
  if (by.what === "stop") return { code: "fleet_stopped", reason: stoppedSentence };
  return { code: "budget", reason: noMoneySentence(by.cap) };
}

const moneyWaitOf = ({ reasonCode }: OpenRun): WaitCode | null =>
  reasonCode === "budget" || reasonCode === "fleet_stopped" ? reasonCode : null;
