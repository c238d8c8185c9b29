import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decideStaffAct, type StaffAct } from "./staff-acts.ts";
import { decideStudentAct, type StudentAct, type TeamDecision } from "./student-acts.ts";
import { isTeamRefusal, sayTeamRefusal } from "./team-refusals.ts";
import { afterWrites, type TeamPerson, type TeamsStanding, teamOf } from "./team-standing.ts";

const person = (userId: string, over: Partial<TeamPerson> = {}): TeamPerson => ({
  ...{ userId, name: `Name of ${userId}`, role: "student", section: "562", handedInAlone: false },
  ...over,
});
const people = [
  ...["ann", "ben", "cho", "dee"].map((id) => person(id)),
  person("eve", { section: "462" }),
  person("fay", { handedInAlone: true }),
  person("gus", { role: "ta", section: null }),
  person("hal", { role: null, section: null }),
];
const empty: TeamsStanding = {
  ...{ assignment: "Tutorial 9", rules: { min: 1, max: 2, acrossSections: false } },
  ...{ people, teams: [], invitations: [] },
};

/** A standing on which acts can be done one after the other. */
class Course {
  made = 0;
  constructor(public standing: TeamsStanding = empty) {}
  do(by: string, act: StudentAct): string {
    this.made += 1;
    const fresh = { team: `t${this.made}`, invitation: `i${this.made}` };
    return this.apply(decideStudentAct(this.standing, act, by, fresh));
  }
  fix(act: StaffAct): string {
    this.made += 1;
    return this.apply(decideStaffAct(this.standing, act, { team: `t${this.made}` }));
  }
  /** As the first upload of a member does. */
  handIn(userId: string) {
    const own = teamOf(this.standing, userId);
    const lock = { locked: true, handedIn: true };
    this.standing = {
      ...this.standing,
      teams: this.standing.teams.map((team) => (team.id === own?.id ? { ...team, ...lock } : team)),
      people: this.standing.people.map((one) =>
        own === null && one.userId === userId ? { ...one, handedInAlone: true } : one,
      ),
    };
  }
  apply(decision: TeamDecision): string {
    if (decision.outcome === "refused") return decision.code;
    this.standing = afterWrites(this.standing, decision.writes);
    return "done";
  }
  get teams() {
    return this.standing.teams.map(({ members }) => members.join("+"));
  }
  get last() {
    return this.standing.invitations.at(-1)?.id ?? "none";
  }
}

const joined = (): Course => {
  const course = new Course();
  course.do("ann", { type: "invite", userId: "ben" });
  course.do("ben", { type: "accept", invitationId: course.last });
  return course;
};
const invite = (userId: string): StudentAct => ({ type: "invite", userId });

describe("a team of students", () => {
  it("is made by the first invitation, joined by accepting, and gone with its last member", () => {
    const course = joined();
    expect(course.teams).toEqual(["ann+ben"]);
    expect(course.do("ann", { type: "leave" })).toBe("done");
    expect(course.do("ben", { type: "leave" })).toBe("done");
    expect(course.teams).toEqual([]);
    expect(course.standing.invitations).toEqual([]);
  });

  it.each<[string, string, StudentAct]>([
    ["oneself", "ann", invite("ann")],
    ["not-a-student", "ann", invite("gus")],
    ["not-a-student", "gus", invite("ann")],
    ["not-in-course", "ann", invite("hal")],
    ["not-in-course", "hal", invite("ann")],
    ["not-in-course", "ann", invite("nobody")],
    ["other-section", "ann", invite("eve")],
    ["handed-in-alone", "ann", invite("fay")],
    ["you-handed-in-alone", "fay", invite("ann")],
    ["invitation-over", "ann", { type: "accept", invitationId: "never" }],
    ["not-your-team", "ann", { type: "leave" }],
  ])("refuses at once: %s, asked by %s", (code, by, act) => {
    expect(new Course().do(by, act)).toBe(code);
  });

  it("takes no more than the most, and nobody who is in another", () => {
    const course = joined();
    expect(course.do("ann", invite("cho"))).toBe("team-full");
    expect(course.do("cho", invite("ben"))).toBe("in-another-team");
    expect(course.do("cho", invite("dee"))).toBe("done");
    expect(course.do("cho", invite("dee"))).toBe("invited-already");
  });

  it("has one last place: whoever accepts second is refused", () => {
    const course = new Course();
    course.do("ann", invite("ben"));
    const first = course.last;
    course.do("ann", invite("cho"));
    expect(course.do("cho", { type: "accept", invitationId: course.last })).toBe("done");
    expect(course.do("ben", { type: "accept", invitationId: first })).toBe("team-full");
  });

  it("cannot be joined by an invitation that was withdrawn, declined, accepted, or another's", () => {
    const course = new Course();
    course.do("ann", invite("ben"));
    const { last } = course;
    expect(course.do("cho", { type: "accept", invitationId: last })).toBe("invitation-over");
    expect(course.do("cho", { type: "withdraw", invitationId: last })).toBe("invitation-over");
    expect(course.do("ann", { type: "withdraw", invitationId: last })).toBe("done");
    expect(course.do("ben", { type: "accept", invitationId: last })).toBe("invitation-over");
    course.do("ann", invite("ben"));
    expect(course.do("ben", { type: "decline", invitationId: course.last })).toBe("done");
    expect(course.do("ben", { type: "accept", invitationId: course.last })).toBe("invitation-over");
  });

  it("does not hold somebody who only began one alone: accepting gives it up", () => {
    const course = new Course();
    course.do("ben", invite("cho"));
    course.do("ann", invite("ben"));
    expect(course.do("ben", { type: "accept", invitationId: course.last })).toBe("done");
    expect(course.teams).toEqual(["ann+ben"]);
  });

  it("stays as it is once it has handed in, until staff unlock it", () => {
    const course = joined();
    course.handIn("ben");
    const [team] = course.standing.teams;
    expect(course.do("ann", { type: "leave" })).toBe("locked");
    expect(course.do("ann", invite("cho"))).toBe("locked");
    expect(course.fix({ type: "unlock", teamId: team?.id ?? "" })).toBe("done");
    expect(course.fix({ type: "unlock", teamId: team?.id ?? "" })).toBe("not-locked");
    expect(course.do("ann", { type: "leave" })).toBe("done");
    expect(course.do("ben", { type: "leave" })).toBe("done");
    // What was handed in is still its own.
    expect(course.teams).toEqual([""]);
  });

  it("is of several sections only where the course says so, and there are none where it says nothing", () => {
    const open = new Course({ ...empty, rules: { min: 1, max: 2, acrossSections: true } });
    expect(open.do("ann", invite("eve"))).toBe("done");
    expect(new Course({ ...empty, rules: null }).do("ann", invite("ben"))).toBe("no-teams");
  });

  it("is put right by staff across lock, section and work handed in alone, never beyond what a team is", () => {
    const course = joined();
    course.handIn("ann");
    const teamId = course.standing.teams[0]?.id ?? "";
    expect(course.fix({ type: "add", userId: "cho", teamId })).toBe("team-full");
    expect(course.fix({ type: "remove", userId: "ben", teamId })).toBe("done");
    expect(course.fix({ type: "remove", userId: "ben", teamId })).toBe("not-in-team");
    expect(course.fix({ type: "add", userId: "gus", teamId })).toBe("not-a-student");
    expect(course.fix({ type: "add", userId: "hal", teamId })).toBe("not-in-course");
    expect(course.fix({ type: "add", userId: "eve", teamId })).toBe("done");
    expect(course.fix({ type: "add", userId: "eve", teamId: null })).toBe("in-another-team");
    expect(course.fix({ type: "add", userId: "fay", teamId: null })).toBe("done");
    expect(course.fix({ type: "add", userId: "ben", teamId: "gone" })).toBe("no-such-team");
    expect(course.teams).toEqual(["ann+eve", "fay"]);
  });
});

const anyone = fc.constantFrom(...people.map(({ userId }) => userId));
const place = fc.nat({ max: 9 });
type Step = { by: string; userId: string; place: number; what: number };
const steps = fc.array(fc.record({ by: anyone, userId: anyone, place, what: fc.nat({ max: 8 }) }), {
  maxLength: 60,
});

function take(course: Course, { by, userId, place: at, what }: Step) {
  const invitations = course.standing.invitations;
  const invitationId = invitations[at % Math.max(1, invitations.length)]?.id ?? "none";
  const { teams } = course.standing;
  const teamId = teams[at % Math.max(1, teams.length)]?.id ?? "none";
  const acts = [
    () => course.do(by, invite(userId)),
    () => course.do(by, invite(userId)),
    () => course.do(by, { type: "accept", invitationId }),
    // Whoever is invited most often answers for themselves.
    () =>
      course.do(invitations.find(({ id }) => id === invitationId)?.userId ?? by, {
        type: "accept",
        invitationId,
      }),
    () => course.do(by, { type: at % 2 ? "decline" : "withdraw", invitationId }),
    () => course.do(by, { type: "leave" }),
    () => course.handIn(by),
    () => course.fix({ type: at % 2 ? "add" : "remove", userId, teamId }),
    () => course.fix({ type: "unlock", teamId }),
  ];
  return acts[what]?.();
}

describe("whatever is done in whatever order", () => {
  it("nobody is in two teams, none is beyond its most or has others than students, none is empty for nothing", () => {
    fc.assert(
      fc.property(steps, (all) => {
        const course = new Course();
        for (const step of all) take(course, step);
        const members = course.standing.teams.flatMap((team) => team.members);
        expect(new Set(members).size).toBe(members.length);
        for (const team of course.standing.teams) {
          expect(team.members.length).toBeLessThanOrEqual(2);
          if (!team.handedIn) expect(team.members.length).toBeGreaterThan(0);
        }
        for (const userId of members)
          expect(people.find((one) => one.userId === userId)?.role).toBe("student");
        const open = course.standing.invitations.filter(({ end }) => end === null);
        expect(new Set(open.map((one) => `${one.teamId} ${one.userId}`)).size).toBe(open.length);
      }),
      { numRuns: 300 },
    );
  });

  it("no student's act changes who is in a team that has handed in, or takes somebody of another section", () => {
    fc.assert(
      fc.property(steps, (all) => {
        const course = new Course();
        for (const step of all) {
          const before = course.standing.teams.filter(({ locked }) => locked);
          const byStaff = step.what >= 7;
          take(course, step);
          if (byStaff) continue;
          for (const team of before)
            expect(course.standing.teams.find(({ id }) => id === team.id)?.members).toEqual(team.members);
        }
        const onlyStudents = new Course();
        for (const step of all) if (step.what < 7) take(onlyStudents, step);
        for (const team of onlyStudents.standing.teams) {
          const sections = team.members.map((id) => people.find((one) => one.userId === id)?.section);
          expect(new Set(sections).size).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("a refusal is one sentence that says what to do, and changes nothing", () => {
    fc.assert(
      fc.property(steps, (all) => {
        const course = new Course();
        for (const step of all) {
          const before = course.standing;
          const outcome = take(course, step);
          if (outcome === undefined || outcome === "done") continue;
          expect(course.standing).toEqual(before);
          if (!isTeamRefusal(outcome)) throw new Error(outcome);
          const said = sayTeamRefusal(outcome, { ...empty, name: "Ann" });
          expect(said).toMatch(/^[A-Z].*\.$/);
        }
      }),
      { numRuns: 100 },
    );
  });
});
