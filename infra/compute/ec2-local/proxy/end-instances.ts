import type { Monotonic } from "#course/clock.ts";
import type { MotoApi } from "../moto/moto-api.ts";
import { ApiFailure } from "./api-failure.ts";
import { instanceNotFound } from "./describe-instances.ts";
import { type Form, textIn, textsIn } from "./form.ts";
import type { InstanceHooks } from "./hooks.ts";
import { type KnownInstances, type StateReason, stateReasons } from "./known-instances.ts";
import { findXml, setXml, type XmlElement, xml, xmlText } from "./xml.ts";

export interface EndContext {
  moto: MotoApi;
  instances: KnownInstances;
  hooks: InstanceHooks;
  now: Monotonic;
  /** How long an instance shuts down before it is terminated, in ms. */
  shuttingDownMs: () => number;
}

/** TerminateInstances. As on AWS one id that is unknown fails the call, and nothing is ended. */
export async function terminateInstances(context: EndContext, form: Form): Promise<XmlElement> {
  const ids = textsIn(form, "InstanceId");
  const malformed = ids.find((id) => !/^i-([0-9a-f]{8}|[0-9a-f]{17})$/.test(id));
  if (malformed) {
    throw new ApiFailure("InvalidInstanceID.Malformed", `Invalid id: "${malformed}" (expecting "i-...")`);
  }
  const missing = ids.find((id) => !context.instances.isVisible(id));
  if (missing) throw instanceNotFound(missing);
  if (textIn(form, "DryRun") === "true") return context.moto.ec2("TerminateInstances", form);
  const phases = new Map(ids.map((id) => [id, phaseOf(context.instances, id)]));
  const answer = await context.moto.ec2("TerminateInstances", form);
  for (const item of findXml(answer, "instancesSet")?.children ?? []) {
    const id = xmlText(item, "instanceId");
    const before = phases.get(id);
    if (before) setXml(item, "previousState", before());
    markEnding(context, id, stateReasons.user);
    const after = phaseOf(context.instances, id);
    if (after) setXml(item, "currentState", after());
  }
  return answer;
}

/** Ends an instance from outside of any caller's request. One that ends already is left as it is. */
export async function endInstance(context: EndContext, id: string, reason: StateReason): Promise<void> {
  const known = context.instances.get(id);
  if (!known) throw instanceNotFound(id);
  if (known.ending) return;
  markEnding(context, id, reason);
  await context.moto.ec2("TerminateInstances", { InstanceId: [id] });
}

/** Its operating system shut down: it is stopped or terminated, as it was launched. */
export async function instancePoweredOff(context: EndContext, id: string): Promise<void> {
  const known = context.instances.get(id);
  if (!known) throw instanceNotFound(id);
  if (known.shutdownBehaviour === "terminate") return endInstance(context, id, stateReasons.itself);
  if (known.ending) return;
  known.stopped = stateReasons.itself;
  await context.moto.ec2("StopInstances", { InstanceId: [id] });
}

function markEnding({ instances, hooks, now, shuttingDownMs }: EndContext, id: string, reason: StateReason) {
  const known = instances.get(id);
  if (!known || known.ending) return;
  known.ending = { reason, terminatedFrom: now() + shuttingDownMs() };
  hooks.terminated(id, reason);
}

/** The state to show instead of moto's, which knows nothing between running and terminated. */
function phaseOf(instances: KnownInstances, id: string): (() => XmlElement[]) | null {
  if (!instances.get(id)?.ending) return null;
  const [code, name] = instances.isShuttingDown(id) ? [32, "shutting-down"] : [48, "terminated"];
  return () => [xml("code", code as number), xml("name", name as string)];
}
