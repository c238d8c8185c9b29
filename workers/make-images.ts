import type { Clock } from "#course/clock.ts";
import { AppError } from "#course/errors.ts";
import { limited } from "#grading/machines/launching/limit-calls.ts";
import type { MachineImages } from "#grading/machines/machine-images.ts";
import { type MachineKind, titleOf } from "#grading/machines/machine-kind.ts";
import { LaunchError } from "#grading/machines/provider.ts";
import type { FleetTimings } from "#grading/machines/timings.ts";
import type { NoticeKey, SettleNotice, TellStaff } from "#grading/notices/staff-notice.ts";
import { inMinutes } from "#infra/machine/build-time.ts";
import type { Log } from "#infra/telemetry/logger.ts";
import { waitAtMost } from "./wait-at-most.ts";

export interface ImageProgress {
  step: string;
  /** 0 to 1; null while unknown. */
  fraction: number | null;
  secondsLeft: number;
}

interface MakeImagesOptions {
  /** Those that are there, by kind of machine. */
  there: ReadonlyMap<MachineKind, string>;
  /** Whether somebody else makes them, so that `make` only looks whether one is there. */
  madeElsewhere?: boolean;
  make(
    machineKind: MachineKind,
    onProgress: (progress: ImageProgress) => void,
    signal: AbortSignal,
  ): Promise<string>;
  timings: Pick<FleetTimings, "imageLimitMs" | "imagePauseMs" | "stopPatienceMs">;
  clock: Clock;
  log: Log;
}

type State =
  | { state: "there"; image: string }
  | { state: "making"; fraction: number; secondsLeft: number; work: Promise<void> }
  /** told: staff have been. */
  | { state: "failed"; at: Date; told: boolean };

export interface ImageListeners {
  onReady(machineKind: MachineKind): void;
  tellStaff: TellStaff;
  settleNotice: SettleNotice;
}

export interface ImageMaker extends MachineImages {
  /** Of a kind that is ready. */
  imageOf(machineKind: MachineKind): string;
  /** The engine does not have it any more, since somebody removed it: it is made again. */
  gone(machineKind: MachineKind, image: string): void;
  /** Who is told of changes; until then nobody is. */
  tell(listeners: ImageListeners): void;
  /** Ends what is being made; what does not end is left to itself. */
  stop(): Promise<void>;
}

/** Makes images of machines in the background, when they are asked for, one at a time of each kind. */
export function createImageMaker(options: MakeImagesOptions): ImageMaker {
  const { clock, log, timings } = options;
  const states = new Map<MachineKind, State>();
  for (const [machineKind, image] of options.there) states.set(machineKind, { state: "there", image });
  const stopping = new AbortController();
  let listeners: ImageListeners | undefined;

  const start = (machineKind: MachineKind) => {
    const making: State & { state: "making" } = {
      state: "making",
      fraction: 0,
      secondsLeft: 0,
      work: Promise.resolve(),
    };
    states.set(machineKind, making);
    let lastStep = "";
    const onProgress = ({ step, fraction, secondsLeft }: ImageProgress) => {
      making.fraction = fraction ?? making.fraction;
      making.secondsLeft = secondsLeft;
      if (step !== lastStep) log.info({ machineKind, step }, "Machine image");
      lastStep = step;
    };
    const make = (signal: AbortSignal) => options.make(machineKind, onProgress, signal);
    const call = `making the image for ${machineKind}`;
    making.work = limited(call, timings.imageLimitMs.make, make, stopping.signal).then(
      async (image) => {
        states.set(machineKind, { state: "there", image });
        listeners?.onReady(machineKind);
        await settle(machineKind);
      },
      async (err: unknown) => {
        if (stopping.signal.aborted) return;
        log.error({ err, machineKind }, "There is no machine image; it is tried again later.");
        // First told, then said to be.
        const told = await tellStaff(machineKind, err);
        states.set(machineKind, { state: "failed", at: clock(), told });
      },
    );
  };

  const settle = async (machineKind: MachineKind) => {
    await listeners?.settleNotice(keyOf(machineKind)).catch((err: unknown) => {
      log.error({ err, machineKind }, "The notice of a machine image could not be closed.");
    });
  };

  const tellStaff = async (machineKind: MachineKind, err: unknown): Promise<boolean> => {
    if (listeners === undefined) return false;
    const why = err instanceof AppError ? err.userMessage : String(err);
    const reason = options.madeElsewhere ? why : `${titleOf(machineKind)} cannot be made: ${why}`;
    const notice = { ...keyOf(machineKind), reason };
    try {
      await listeners.tellStaff(notice);
      return true;
    } catch (error) {
      log.error({ err: error, notice }, "Staff could not be told.");
      return false;
    }
  };

  return {
    ready: () => [...states].filter(([, { state }]) => state === "there").map(([machineKind]) => machineKind),
    imageOf(machineKind) {
      const known = states.get(machineKind);
      // Removed while a run of it was being started: it waits for room, as others of it do.
      if (known?.state !== "there")
        throw new LaunchError("insufficient-capacity", `${titleOf(machineKind)} is not made yet.`);
      return known.image;
    },
    ask(machineKind) {
      const known = states.get(machineKind);
      // Either way: the clock may be set back.
      const isLongAgo = (at: Date) => Math.abs(clock().getTime() - at.getTime()) >= timings.imagePauseMs;
      if (known === undefined || (known.state === "failed" && isLongAgo(known.at))) start(machineKind);
      return whyNot(machineKind, states.get(machineKind), options.madeElsewhere ?? false);
    },
    gone(machineKind, image) {
      const known = states.get(machineKind);
      // Launches that began before may say so when it is there again.
      if (known?.state !== "there" || known.image !== image) return;
      log.error({ machineKind, image }, "A machine image is gone; there shall be another.");
      start(machineKind);
    },
    tell: (given) => {
      listeners = given;
      // What an earlier worker told of an image that is there by now is over.
      for (const [machineKind, { state }] of states) if (state === "there") void settle(machineKind);
    },
    stop: async () => {
      stopping.abort();
      const makings = [...states.values()].map((known) => known.state === "making" && known.work);
      await waitAtMost(Promise.all(makings), timings.stopPatienceMs);
    },
  };
}

const keyOf = (machineKind: MachineKind): NoticeKey => ({
  action: "fleet.misconfigured",
  subject: `image:${machineKind}`,
});

function whyNot(machineKind: MachineKind, known: State | undefined, madeElsewhere: boolean): string | null {
  const title = titleOf(machineKind);
  if (known?.state === "there") return null;
  if (known?.state === "failed") {
    const told = known.told ? "; staff have been told" : "";
    return madeElsewhere
      ? `${title} is not there yet${told}. Drydock looks again in a few minutes.`
      : `${title} could not be made${told}. Drydock tries again in a few minutes.`;
  }
  if (madeElsewhere) return `${title} is being looked for.`;
  const { fraction = 0, secondsLeft = 0 } = known ?? {};
  const left = secondsLeft > 0 ? `, ${inMinutes(secondsLeft)} left` : "";
  return `${title} is being made: ${Math.floor(fraction * 100)} %${left}. This happens once, for all runs to come.`;
}
