"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { teamsPath } from "#app/_ui/addresses.ts";
import { fixTeam } from "#course/teams/change-teams.ts";
import { findClassmate } from "#course/teams/find-classmate.ts";
import type { StaffAct } from "#course/teams/staff-acts.ts";
import { sayTeamRefusal } from "#course/teams/team-refusals.ts";
import { createTeamStore } from "#infra/db/course/team-store.ts";
import { pickPerson } from "../access/pick-person.ts";
import { listPeople } from "../queries/course/course-people.ts";
import { action } from "./action.ts";
import { failedForm, refusedForm } from "./form-state.ts";

const text = z.string().max(2_000);

/** Puts a student into a team or takes one out, or lets a team change again; team empty: one of their own. */
export const fixTeamOf = action(
  {
    permission: "team.change",
    input: z.object({
      ...{ course: text, assignment: text, student: text.default(""), team: text, reason: text },
      act: z.enum(["add", "remove", "unlock"]),
    }),
    subject: ({ course, assignment }) => ({ course, assignment }),
    failed: failedForm,
  },
  async ({ input, actor, subject: { courseId, assignmentId }, services: { db, clock } }) => {
    const { act, student, team, reason } = input;
    const typed = { student, team, reason };
    let userId = student;
    if (act === "add") {
      // By its label, as the list offers it, or by what people type.
      const people = await listPeople(db, courseId);
      const label = pickPerson(student, people);
      const found = "userId" in label ? label : findClassmate(student, people);
      if ("code" in found) {
        const message = sayTeamRefusal(found.code, { assignment: "", rules: null, name: null });
        return refusedForm([{ field: "student", message }], typed);
      }
      userId = found.userId;
    }
    const asked = { act: staffAct(act, userId, team), reason };
    const outcome = await fixTeam(
      { store: createTeamStore(db, clock) },
      { assignmentId, by: actor.userId, ...asked },
    );
    if (outcome.outcome === "no-reason") {
      return refusedForm([{ field: "reason", message: outcome.message }], typed);
    }
    if (outcome.outcome === "refused")
      return refusedForm([{ field: "form", message: outcome.message }], typed);
    const news = new URLSearchParams({ done: act, ...(act === "unlock" ? { team } : { student: userId }) });
    return redirect(`${teamsPath(input.course, input.assignment)}?${news}`);
  },
);

function staffAct(act: "add" | "remove" | "unlock", userId: string, team: string): StaffAct {
  if (act === "unlock") return { type: act, teamId: team };
  if (act === "remove") return { type: act, userId, teamId: team };
  return { type: act, userId, teamId: team === "" ? null : team };
}
