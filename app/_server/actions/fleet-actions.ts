"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import { fleetPath } from "#app/_ui/addresses.ts";
import { checkReason } from "#course/check-reason.ts";
import { createFleetSwitch } from "#infra/db/machines/fleet-switch.ts";
import type { Actor } from "../access/permissions.ts";
import type { Services } from "../services.ts";
import { action } from "./action.ts";
import { type FormState, failedForm, refusedForm } from "./form-state.ts";

const text = z.string().max(2_000);
const subject = ({ course }: { course: string }) => ({ course });
/** name: the deployment's, typed. */
const switching = z.object({ course: text, name: text, reason: text });

/** No machine is started from now on; how: the button that was pressed, drain also ends those that wait. */
export const stopFleet = action(
  {
    permission: "fleet.change",
    input: switching.extend({ how: z.enum(["stop", "drain"]).default("stop") }),
    subject,
    failed: failedForm,
  },
  async ({ input, actor, services }) => {
    const checked = checkTyped(input, services);
    if ("state" in checked) return checked.state;
    const drain = input.how === "drain";
    await switchOf(services).stop({ ...whoIs(actor), reason: checked.reason }, { drain });
    return goBack(input.course, drain ? "drained" : "stopped");
  },
);

/** Machines are started again. */
export const resumeFleet = action(
  { permission: "fleet.change", input: switching, subject, failed: failedForm },
  async ({ input, actor, services }) => {
    const checked = checkTyped(input, services);
    if ("state" in checked) return checked.state;
    await switchOf(services).resume({ ...whoIs(actor), reason: checked.reason });
    return goBack(input.course, "resumed");
  },
);

/** Ends one machine, but not one that grades a run of another course. */
export const endMachine = action(
  {
    permission: "fleet.change",
    input: z.object({ course: text, machine: text, reason: text }),
    subject,
    failed: failedForm,
  },
  async ({ input, actor, subject: { courseId }, services }) => {
    const { course, machine, reason: typed } = input;
    const checked = checkReason(typed);
    if ("message" in checked)
      return refusedForm([{ field: "reason", message: checked.message }], { reason: typed });
    const act = { ...whoIs(actor), reason: checked.reason };
    const outcome = await switchOf(services).endMachine(act, machine, courseId);
    if (outcome.outcome === "refused")
      return refusedForm([{ field: "machine", message: outcome.message }], { reason: typed });
    return goBack(course, "ended");
  },
);

const switchOf = ({ db, clock }: Services) => createFleetSwitch(db, clock);
const whoIs = ({ userId, name }: Actor) => ({ userId, by: name });

function checkTyped(
  { name, reason }: { name: string; reason: string },
  { config }: Services,
): { reason: string } | { state: FormState } {
  const checked = checkReason(reason);
  const problems = [
    ...(name.trim() === config.deployment
      ? []
      : [{ field: "name", message: `Type “${config.deployment}”, the name of this Drydock.` }]),
    ...("message" in checked ? [{ field: "reason", message: checked.message }] : []),
  ];
  if ("message" in checked || problems.length > 0) return { state: refusedForm(problems, { name, reason }) };
  return checked;
}

function goBack(course: string, done: string): never {
  revalidatePath("/");
  return redirect(`${fleetPath(course)}?done=${done}`);
}
