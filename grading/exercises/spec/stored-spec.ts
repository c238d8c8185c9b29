import { storedKind } from "#course/stored-json.ts";
import { exerciseSpec } from "./spec.ts";

/** Version 1 named one of two machines, and what it said of a Kubernetes stood beside it even where there was none. */
function fromProfile(json: unknown): unknown {
  if (typeof json !== "object" || json === null) return json;
  const { profile = "docker", kubernetes = {}, ...rest } = json as Record<string, unknown>;
  if ("facilities" in rest) throw new Error("it names facilities, and has no version that knows them");
  if (profile !== "docker" && profile !== "kubernetes")
    throw new Error(`there is no profile ${String(profile)}`);
  return { ...rest, facilities: profile === "kubernetes" ? { kubernetes } : {} };
}

/** exercise_version.spec: versions are kept for ever, so the schema may have moved on since. */
export const storedSpec = storedKind("exercise", exerciseSpec, [fromProfile]);

/** Why a run ends whose exercise cannot be read, as its student reads it. */
export const specUnreadable =
  "The stored exercise cannot be read by this version of Drydock; that is not your mistake.";
