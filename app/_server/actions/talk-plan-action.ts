"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { talkPlanPath } from "#app/_ui/addresses.ts";
import { changeTalks } from "#course/presentations/change-talks.ts";
import { type Clash, clashesOf, readPlace, writePlace } from "#course/presentations/plan.ts";
import { plannedTalks } from "#course/presentations/planned-talks.ts";
import { proposePlan } from "#course/presentations/propose-plan.ts";
import { createTalkStore } from "#infra/db/course/talk-store.ts";
import { daysOf, readPresentations } from "../queries/course/presentations.ts";
import { action } from "./action.ts";

/** Where each team is on the form: "<class> <position>", or empty. */
export interface PlanState {
  error: string | null;
  /** null: as it is saved. */
  places: Record<string, string> | null;
  clashes: Clash[];
  /** By the solver, and not saved. */
  proposed: boolean;
}

/** Saves the plan that is on the form, says what clashes in it, or puts a proposal in its place. */
export const planTalks = action<
  "talk.plan",
  z.ZodType<{ course: string; plan: "save" | "propose"; [field: string]: unknown }>,
  PlanState
>(
  {
    permission: "talk.plan",
    input: z.looseObject({ course: z.string().max(100), plan: z.enum(["save", "propose"]) }),
    subject: ({ course }) => ({ course }),
    failed: ({ message }, form) => ({
      error: message,
      places: placesIn(Object.fromEntries(form)),
      clashes: [],
      proposed: false,
    }),
  },
  async ({ input, actor, subject: { courseId }, services }) => {
    const view = await readPresentations(services, { id: courseId }, actor.userId);
    if (view === null) {
      return {
        error: "This course has no presentations any more.",
        places: null,
        clashes: [],
        proposed: false,
      };
    }
    const [talks, days] = [plannedTalks(view.talks), daysOf(view)];
    if (input.plan === "propose") {
      const plan = await proposePlan(talks, days, services.solve);
      if (plan === null) {
        const error = "No plan was found in time: give some talks their places by hand, save, and try again.";
        return { error, places: placesIn(input), clashes: [], proposed: false };
      }
      const places = Object.fromEntries([...plan].map(([teamId, place]) => [teamId, writePlace(place)]));
      return { error: null, places, clashes: clashesOf(plan, talks, days), proposed: true };
    }
    const wanted = placesIn(input);
    const places = Object.entries(wanted).flatMap(([teamId, place]) => {
      const read = readPlace(place);
      return read === null ? [] : [{ teamId, place: read }];
    });
    const plan = new Map(places.map(({ teamId, place }) => [teamId, place]));
    const clashes = clashesOf(plan, talks, days);
    const store = createTalkStore(services.db, services.clock);
    const act = { type: "plan" as const, places };
    const outcome = await changeTalks({ store }, { assignmentId: view.assignment.id, by: actor.userId, act });
    if (outcome.outcome === "refused")
      return { error: outcome.message, places: wanted, clashes, proposed: false };
    return redirect(`${talkPlanPath(input.course)}?done=saved`);
  },
);

const prefix = "place.";

const placesIn = (fields: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) =>
      name.startsWith(prefix) && typeof value === "string" ? [[name.slice(prefix.length), value]] : [],
    ),
  );
