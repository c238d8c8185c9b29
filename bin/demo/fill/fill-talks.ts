import type { Clock } from "#course/clock.ts";
import { newId } from "#course/ids.ts";
import type { Solve } from "#course/optimization/zero-one-model.ts";
import { changeOwnTalk, changeTalks } from "#course/presentations/change-talks.ts";
import { plannedTalks } from "#course/presentations/planned-talks.ts";
import { proposePlan } from "#course/presentations/propose-plan.ts";
import type { Db } from "#infra/db/connection/client.ts";
import { createTalkStore, readTalks } from "#infra/db/course/talk-store.ts";
import type { ClassBySection } from "./class-by-section.ts";

/** The nine teams: how many are in each, which topic of the list, and on which of the days they would like to present. */
const teams = [
  { people: 3, topic: "sandboxing-functions", day: 0 },
  { people: 3, topic: "serverless-risc-more", day: 0 },
  { people: 2, topic: "azure-kubernetes-service", day: 0 },
  { people: 1, topic: "tiny-autoscalers", day: 0 },
  { people: 2, topic: "aws-amplify", day: 1 },
  { people: 2, topic: "footprinter", day: 2 },
  { people: 3, topic: "sagemaker", day: 2 },
  { people: 1, topic: "process-as-a-service", day: 2 },
  { people: 2, topic: "goldfish", day: 2 },
];

interface Parts {
  db: Db;
  clock: Clock;
  solve: Solve;
  courseId: string;
  students: ClassBySection;
}

/** Nine teams of the graduate section with their proposals, the first of which staff approved, and the plan for them. */
export async function fillTalks({ db, clock, solve, courseId, students }: Parts): Promise<void> {
  const assignment = await db.assignment.findFirst({ where: { courseId, kind: "presentation" } });
  const staff = await db.enrollment.findFirst({ where: { courseId, role: "instructor" } });
  if (assignment === null || staff === null) return;
  const { id: assignmentId } = assignment;
  if ((await db.talk.count({ where: { assignmentId } })) > 0) return;
  const store = createTalkStore(db, clock);
  const [papers, days] = await Promise.all([
    db.paper.findMany({ where: { courseId } }),
    db.classMeeting.findMany({
      where: { courseId, talkPlaces: { not: null } },
      orderBy: { startsAt: "asc" },
    }),
  ]);
  const left = [...(students.get("562") ?? [])];
  for (const { people, topic, day } of teams) {
    const members = left.splice(0, people);
    const [first] = members;
    if (first === undefined) break;
    const teamId = await foundTeam(db, assignmentId, members, clock());
    const paper = papers.find(({ slug }) => slug === topic);
    const proposal = {
      paperId: paper?.id ?? null,
      kind: paper?.kind ?? "paper",
      title: paper?.title ?? topic,
      link: null,
    };
    const summary =
      "What it is for, how it is built, what was measured, and what we would try with it ourselves.";
    const own = { assignmentId, by: first };
    await changeOwnTalk({ store }, { ...own, act: { type: "propose", ...proposal, summary } });
    const preferences = days.slice(day, day + 1).map(({ id }) => id);
    await changeOwnTalk({ store }, { ...own, act: { type: "wish", preferences, blackouts: [] } });
    await changeTalks({ store }, { assignmentId, by: staff.userId, act: { type: "approve", teamId } });
  }
  await publishPlan({ db, clock, solve }, { assignmentId, by: staff.userId });
}

async function publishPlan(
  { db, clock, solve }: Pick<Parts, "db" | "clock" | "solve">,
  of: { assignmentId: string; by: string },
): Promise<void> {
  const store = createTalkStore(db, clock);
  const standing = await db.$transaction((tx) => readTalks(tx, { ...of, now: clock() }));
  const plan = await proposePlan(plannedTalks(standing.talks), standing.days, solve);
  const places = [...(plan ?? [])].map(([teamId, place]) => ({ teamId, place }));
  await changeTalks({ store }, { ...of, act: { type: "plan", places } });
  await changeTalks({ store }, { ...of, act: { type: "publish" } });
}

async function foundTeam(db: Db, assignmentId: string, members: string[], now: Date): Promise<string> {
  const teamId = newId("tea", now);
  await db.team.create({
    data: {
      ...{ id: teamId, assignmentId, createdAt: now },
      members: { create: members.map((userId) => ({ userId, joinedAt: now })) },
    },
  });
  return teamId;
}
