import type Docker from "dockerode";
import type { z } from "zod";
import type { FacilityKind } from "../kinds/define-facility.ts";

/** What a facility may use while it starts. */
export interface FacilityContext {
  /** The machine's own engine. It answers, except to the facility engine, which waits for it. */
  docker: Docker;
  /** The machine's own diary, for operators. */
  say(line: string): void;
  signal: AbortSignal;
}

/** A facility that a run's checks may use. */
export interface StartedFacility<Handle = unknown> {
  /** What checks get of it. */
  handle: Handle;
  /** Rejects when it does not answer any more. */
  ask(): Promise<unknown>;
  /** Ends what the agent does for it; the rest ends with the machine. */
  close(): Promise<void>;
}

/** One that was started before its run was known, and sleeps. */
export interface WarmFacility<Settings, Handle> {
  /** Wakes it and makes it this run's; once. */
  take(settings: Settings, tell: (line: string) => void): Promise<StartedFacility<Handle>>;
}

/** A facility with what starts it; each start.ts exports one. */
export interface FacilityStart<Settings extends z.ZodType = z.ZodType, Handle = unknown> {
  kind: FacilityKind<Settings>;
  /** tell: what the student reads of it meanwhile. Throws when it is not there in its time. */
  start(
    context: FacilityContext,
    settings: z.output<Settings>,
    tell: (line: string) => void,
  ): Promise<StartedFacility<Handle>>;
  /** Of one that can start before its run is known; nodes: of the Kubernetes of a machine of the pool. */
  warm?(context: FacilityContext, nodes: number): Promise<WarmFacility<z.output<Settings>, Handle>>;
}
