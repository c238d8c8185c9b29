import type { Clock, Monotonic } from "#course/clock.ts";
import type { FleetTimings } from "./timings.ts";

/** The wall clock went ahead by more than the time that passed: it was set, or the computer slept. */
export interface ClockJump {
  byMs: number;
  /** Between the clock's last reading before and its first after: what is stamped earlier is from before the jump. */
  at: Date;
  /** The clock at those two readings. Two processes see one jump between readings of their own, which overlap. */
  from: Date;
  until: Date;
}

/** Whole milliseconds. A machine that was not heard for so long may have missed beats of its own, and still has time for others. */
export function hearingGapMs({ heartbeatStaleMs }: Pick<FleetTimings, "heartbeatStaleMs">): number {
  return Math.floor(heartbeatStaleMs / 3);
}

export interface HearingParts {
  clock: Clock;
  monotonic: Monotonic;
  /** A call of our own that takes longer than this to come through proves that machines were not heard meanwhile. */
  gapMs: number;
  /** The clock may be ahead of or behind the time that passed by this much between two looks. */
  jumpMs: number;
}

export interface Heard {
  now: Date;
  /** Silence before this proves nothing: nobody could be heard. Equal to now while that is so. */
  since: Date;
}

/**
 * What this process could hear of its machines, and from when their silence counts. It calls itself the way machines
 * do, and says here whenever such a call came through; while none does (the database is away, the process is
 * suspended or busy, the door is blocked), nobody's silence counts, and afterwards everybody has a full period again.
 * The same when the clock jumps, since silence is measured by it.
 */
export class Hearing {
  #last: { wall: number; mono: number };
  #heardAt: number;
  #since: number;
  #jumps: ClockJump[] = [];
  #gapAt: number | null = null;

  constructor(private readonly parts: HearingParts) {
    this.#last = this.#read();
    this.#heardAt = this.#last.mono;
    this.#since = this.#last.wall;
  }

  /** A call of our own came all the way through. */
  heard(): void {
    const { wall, mono } = this.#look();
    if (mono - this.#heardAt > this.parts.gapMs) this.#gap(wall);
    this.#heardAt = mono;
  }

  /**
   * A machine called, and by our own trouble its call was not taken down. No gap by itself: what a machine may bring
   * about, by loading this computer, excuses no lease.
   */
  missed(): void {
    this.#since = this.#look().wall;
  }

  sight(): Heard {
    const { wall, mono } = this.#look();
    const deaf = mono - this.#heardAt > this.parts.gapMs;
    // What ends meanwhile ends in a gap, which nobody has to call over first.
    if (deaf) this.#gapAt = wall;
    return { now: new Date(wall), since: new Date(deaf ? wall : this.#since) };
  }

  /** Jumps ahead so far. Whoever reads them has looked at the clock before. */
  get jumps(): readonly ClockJump[] {
    return this.#jumps;
  }

  /**
   * Until when the last gap lasted in which this process heard nobody, as of the last look; null when there was none
   * since it began.
   */
  get gapAt(): Date | null {
    return this.#gapAt === null ? null : new Date(this.#gapAt);
  }

  #look(): { wall: number; mono: number } {
    const before = this.#last;
    const now = this.#read();
    this.#last = now;
    const byMs = now.wall - before.wall - (now.mono - before.mono);
    if (Math.abs(byMs) <= this.parts.jumpMs) return now;
    this.#gap(now.wall);
    if (byMs > 0) this.#jumps.push(jumpOf(byMs, before.wall, now.wall));
    return now;
  }

  #gap(wall: number): void {
    this.#since = wall;
    this.#gapAt = wall;
  }

  /** Both clocks at one moment: a process suspended between the two readings would see a jump that never was. */
  #read(): { wall: number; mono: number } {
    for (;;) {
      const before = this.parts.monotonic();
      const wall = this.parts.clock().getTime();
      const mono = this.parts.monotonic();
      if (mono - before < this.parts.jumpMs / 2) return { wall, mono };
    }
  }
}

function jumpOf(byMs: number, from: number, until: number): ClockJump {
  const at = new Date((from + until) / 2);
  return { byMs: Math.round(byMs), at, from: new Date(from), until: new Date(until) };
}
