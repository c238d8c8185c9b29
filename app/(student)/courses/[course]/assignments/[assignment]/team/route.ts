import { z } from "zod";
import { privateJson, seeOther, wantsPage } from "#app/_server/answer.ts";
import { errorResponse } from "#app/_server/http-errors.ts";
import { parseRequest } from "#app/_server/parse-request.ts";
import { listPeople } from "#app/_server/queries/course/course-people.ts";
import { route } from "#app/_server/route.ts";
import type { Services } from "#app/_server/services.ts";
import { assignmentPath } from "#app/_ui/addresses.ts";
import { changeOwnTeam, type TeamOutcome } from "#course/teams/change-teams.ts";
import { findClassmate } from "#course/teams/find-classmate.ts";
import { sayTeamRefusal } from "#course/teams/team-refusals.ts";
import { createTeamStore } from "#infra/db/course/team-store.ts";

const id = z.string().max(60);
const form = z.discriminatedUnion("act", [
  z.object({ act: z.literal("invite"), person: z.string().max(400) }),
  z.object({ act: z.enum(["accept", "decline", "withdraw"]), invitation: id }),
  z.object({ act: z.literal("leave") }),
]);

/** A student invites, answers, withdraws or leaves, by a plain form of the assignment's page. */
export const POST = route(
  {
    permission: "team.join",
    params: z.object({ course: z.string(), assignment: z.string() }),
    subject: ({ course, assignment }) => ({ course, assignment }),
  },
  async ({ request, params, actor, subject, services }) => {
    const sent = parseRequest(form, Object.fromEntries(new URLSearchParams(await request.text())));
    const outcome = await act(services, { ...subject, by: actor.userId }, sent);
    if (wantsPage(request)) return seeOther(backTo(params, sent.act, outcome));
    if (outcome.outcome === "done") return privateJson({ outcome: "done" });
    return errorResponse({ status: 409, code: outcome.code, message: outcome.message });
  },
);

async function act(
  { db, clock }: Services,
  { courseId, assignmentId, by }: { courseId: string; assignmentId: string; by: string },
  sent: z.output<typeof form>,
): Promise<TeamOutcome> {
  const ports = { store: createTeamStore(db, clock) };
  const change = (act: Parameters<typeof changeOwnTeam>[1]["act"]) =>
    changeOwnTeam(ports, { assignmentId, by, act });
  if (sent.act === "leave") return change({ type: "leave" });
  if (sent.act !== "invite") return change({ type: sent.act, invitationId: sent.invitation });
  const found = findClassmate(sent.person, await listPeople(db, courseId));
  if ("userId" in found) return change({ type: "invite", userId: found.userId });
  const message = sayTeamRefusal(found.code, { assignment: "", rules: null, name: null });
  return { outcome: "refused", about: null, code: found.code, message };
}

/** What came of it is in the address by its code: no sentence of a page is of whoever made the address. */
function backTo(page: { course: string; assignment: string }, act: string, outcome: TeamOutcome): string {
  const news: Record<string, string> =
    outcome.outcome === "done"
      ? { team: `done-${act}` }
      : { team: outcome.code, ...(outcome.about === null ? {} : { about: outcome.about }) };
  return `${assignmentPath(page.course, page.assignment)}?${new URLSearchParams(news)}#team`;
}
