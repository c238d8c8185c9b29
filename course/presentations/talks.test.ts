import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clashesOf, type TalkPlace } from "./plan.ts";
import { plannedTalks, planOf } from "./planned-talks.ts";
import { decideStaffTalkAct, type StaffTalkAct } from "./staff-talk-acts.ts";
import { decideStudentTalkAct, type StudentTalkAct, type TalkDecision } from "./student-talk-acts.ts";
import type { StandingTalk, TalksStanding, TalkWrite } from "./talk-standing.ts";

const empty: TalksStanding = {
  ...{ assignment: "Presentation", rules: { min: 1, max: 3, acrossSections: false }, role: "student" },
  ...{ published: false, talks: [], swaps: [] },
  days: [
    { day: "d1", places: 2, begun: false },
    { day: "d2", places: 1, begun: false },
  ],
  papers: [
    { id: "p1", kind: "paper", title: "Serverless? RISC more!" },
    { id: "p2", kind: "technology", title: "AWS Amplify" },
  ],
  teams: [
    { id: "t1", members: ["ann", "ben"] },
    { id: "t2", members: ["cho"] },
  ],
};

/** A standing on which acts can be done one after the other. */
class Course {
  made = 0;
  constructor(public standing: TalksStanding = empty) {}
  do(by: string, act: StudentTalkAct): string {
    this.made += 1;
    const fresh = { team: `new${this.made}`, swap: `s${this.made}` };
    return this.apply(decideStudentTalkAct({ ...this.standing, role: "student" }, act, by, fresh));
  }
  staff(act: StaffTalkAct): string {
    return this.apply(decideStaffTalkAct({ ...this.standing, role: "ta" }, act));
  }
  apply(decision: TalkDecision): string {
    if (decision.outcome === "refused") return decision.code;
    this.standing = decision.writes.reduce(afterWrite, this.standing);
    return "done";
  }
  place(teamId: string) {
    const place = this.standing.talks.find((talk) => talk.teamId === teamId)?.place;
    return place ? `${place.day}.${place.position}` : null;
  }
}

function afterWrite(standing: TalksStanding, write: TalkWrite): TalksStanding {
  const change = (teamId: string, to: Partial<StandingTalk>) => ({
    ...standing,
    talks: standing.talks.map((talk) => (talk.teamId === teamId ? { ...talk, ...to } : talk)),
  });
  switch (write.type) {
    case "found":
      return { ...standing, teams: [...standing.teams, { id: write.teamId, members: [write.userId] }] };
    case "propose": {
      const { teamId, proposal } = write;
      if (standing.talks.some((talk) => talk.teamId === teamId)) {
        return change(teamId, { ...proposal, state: "proposed" });
      }
      const wishes = { preferences: [], blackouts: [] };
      const talk: StandingTalk = { teamId, ...proposal, state: "proposed", wishes, place: null };
      return { ...standing, talks: [...standing.talks, talk] };
    }
    case "judge":
      return change(write.teamId, { state: write.state });
    case "wish":
      return change(write.teamId, { wishes: write.wishes });
    case "place": {
      const places = new Map(write.places.map(({ teamId, place }) => [teamId, place]));
      const moved = (talk: StandingTalk) => ({ ...talk, place: places.get(talk.teamId) ?? null });
      return {
        ...standing,
        talks: standing.talks.map((talk) => (places.has(talk.teamId) ? moved(talk) : talk)),
      };
    }
    case "publish":
      return { ...standing, published: write.published };
    case "ask-swap": {
      const { swapId: id, fromTeamId, toTeamId } = write;
      return { ...standing, swaps: [...standing.swaps, { id, fromTeamId, toTeamId, end: null }] };
    }
    case "end-swap":
      return {
        ...standing,
        swaps: standing.swaps.map((swap) => (swap.id === write.swapId ? { ...swap, end: write.end } : swap)),
      };
    case "comment":
      return standing;
  }
}

const propose = (over: Partial<Extract<StudentTalkAct, { type: "propose" }>> = {}): StudentTalkAct => ({
  ...{ type: "propose", paperId: "p1", kind: "paper", title: "", link: null, summary: "What it says." },
  ...over,
});
const at = (teamId: string, day: string, position: number) => ({ teamId, place: { day, position } });

/** Two teams with their places in a plan that everybody sees. */
function planned(): Course {
  const course = new Course();
  course.do("ann", propose());
  course.do("cho", propose({ paperId: "p2" }));
  course.staff({ type: "plan", places: [at("t1", "d1", 1), at("t2", "d2", 1)] });
  course.staff({ type: "publish" });
  return course;
}

describe("a proposal", () => {
  it("of the list is called as it is there, and is one team's", () => {
    const course = new Course();
    expect(course.do("ann", propose({ kind: "technology", title: "another word" }))).toBe("done");
    expect(course.standing.talks[0]).toMatchObject({ kind: "paper", title: "Serverless? RISC more!" });
    expect(course.do("cho", propose())).toBe("topic-taken");
    expect(course.do("cho", propose({ paperId: null, title: " serverless?  risc MORE! " }))).toBe(
      "topic-taken",
    );
    expect(course.do("ben", propose({ summary: "Better." }))).toBe("done");
  });

  it("of who is in no team makes one of their own, where a team may be of one", () => {
    const course = new Course();
    expect(course.do("dee", propose())).toBe("done");
    expect(course.standing.teams.at(-1)).toEqual({ id: "new1", members: ["dee"] });
    const pairs = new Course({ ...empty, rules: { min: 2, max: 3, acrossSections: false } });
    expect(pairs.do("dee", propose())).toBe("no-team");
    expect(pairs.do("cho", propose())).toBe("no-team");
    expect(pairs.do("ann", propose())).toBe("done");
  });

  it.each<[string, StudentTalkAct]>([
    ["title-missing", propose({ paperId: null, title: " \n " })],
    ["title-long", propose({ paperId: null, title: "ü".repeat(201) })],
    ["summary-missing", propose({ summary: " " })],
    ["summary-long", propose({ summary: "a".repeat(2001) })],
    ["link-wrong", propose({ link: "javascript:alert(1)" })],
    ["paper-unknown", propose({ paperId: "p9" })],
  ])("is refused: %s", (code, act) => {
    expect(new Course().do("ann", act)).toBe(code);
  });

  it("that staff sent back with a word has no place, until it is proposed again", () => {
    const course = planned();
    expect(course.staff({ type: "return", teamId: "t1", text: " " })).toBe("reason-missing");
    expect(course.staff({ type: "return", teamId: "t1", text: "Choose a newer one." })).toBe("done");
    expect(course.place("t1")).toBeNull();
    expect(course.staff({ type: "plan", places: [at("t1", "d1", 2), at("t2", "d2", 1)] })).toBe("no-talk");
    expect(course.do("ben", propose())).toBe("done");
    expect(course.staff({ type: "plan", places: [at("t1", "d1", 2), at("t2", "d2", 1)] })).toBe("done");
  });

  it("is staff's alone to judge and plan, and students' alone to make", () => {
    const { standing } = planned();
    expect(decideStaffTalkAct(standing, { type: "approve", teamId: "t1" })).toMatchObject({
      code: "not-staff",
    });
    const act = decideStudentTalkAct({ ...standing, role: "instructor" }, propose(), "ann", {
      team: "x",
      swap: "y",
    });
    expect(act).toMatchObject({ code: "not-a-student" });
  });
});

describe("wishes", () => {
  it("leave at least one day, know the days, and like none on which the team cannot", () => {
    const course = planned();
    const wish = (preferences: string[], blackouts: string[]) =>
      course.do("ann", { type: "wish", preferences, blackouts });
    expect(wish([], ["d1", "d2"])).toBe("no-day-left");
    expect(wish(["d9"], [])).toBe("day-unknown");
    expect(wish(["d1", "d2", "d2"], ["d1"])).toBe("done");
    expect(course.standing.talks[0]?.wishes).toEqual({ preferences: ["d2"], blackouts: ["d1"] });
  });
});

describe("a plan", () => {
  it("is never saved with a clash, and never published with a gap", () => {
    const course = new Course();
    course.do("ann", propose());
    course.do("cho", propose({ paperId: "p2" }));
    course.do("cho", { type: "wish", preferences: [], blackouts: ["d2"] });
    const plan = (...places: { teamId: string; place: TalkPlace }[]) =>
      course.staff({ type: "plan", places });
    expect(plan(at("t1", "d1", 1), at("t2", "d1", 1))).toBe("plan-clashes");
    expect(plan(at("t1", "d1", 3))).toBe("plan-clashes");
    expect(plan(at("t2", "d2", 1))).toBe("plan-clashes");
    expect(plan(at("t1", "d1", 1))).toBe("done");
    expect(course.staff({ type: "publish" })).toBe("plan-incomplete");
    expect(plan(at("t1", "d1", 1), at("t2", "d1", 2))).toBe("done");
    expect(course.staff({ type: "publish" })).toBe("done");
    expect(plan(at("t1", "d1", 1))).toBe("done");
    expect(course.standing.published).toBe(false);
  });
});

describe("a change of places", () => {
  it("happens when both teams want it, once", () => {
    const course = planned();
    expect(course.do("ben", { type: "ask-swap", toTeamId: "t2" })).toBe("done");
    expect(course.do("ann", { type: "ask-swap", toTeamId: "t2" })).toBe("swap-asked");
    const [swap] = course.standing.swaps;
    const answer = (by: string, accept: boolean) =>
      course.do(by, { type: "answer-swap", swapId: swap?.id ?? "", accept });
    expect(answer("ann", true)).toBe("swap-over");
    expect(answer("cho", true)).toBe("done");
    expect([course.place("t1"), course.place("t2")]).toEqual(["d2.1", "d1.1"]);
    expect(answer("cho", true)).toBe("swap-over");
  });

  it("is not asked about a place that has changed, nor on a day that has begun", () => {
    const course = planned();
    course.do("ann", { type: "ask-swap", toTeamId: "t2" });
    course.staff({ type: "plan", places: [at("t1", "d1", 2), at("t2", "d2", 1)] });
    const swapId = course.standing.swaps[0]?.id ?? "";
    expect(course.do("cho", { type: "answer-swap", swapId, accept: true })).toBe("swap-over");
    course.standing = {
      ...course.standing,
      days: empty.days.map((day) => ({ ...day, begun: day.day === "d2" })),
    };
    expect(course.do("ann", { type: "ask-swap", toTeamId: "t2" })).toBe("swap-begun");
    expect(course.do("ann", { type: "ask-swap", toTeamId: "t1" })).toBe("swap-oneself");
    expect(course.do("dee", { type: "ask-swap", toTeamId: "t1" })).toBe("not-your-team");
  });
});

describe("whatever is done, in any order", () => {
  const team = fc.constantFrom("t1", "t2", "new1", "t9");
  const day = fc.constantFrom("d1", "d2", "d9");
  const place = fc.record({
    teamId: team,
    place: fc.record({ day, position: fc.integer({ min: 0, max: 3 }) }),
  });
  const student = fc.oneof<fc.Arbitrary<StudentTalkAct>[]>(
    fc
      .record({ paperId: fc.constantFrom("p1", "p2", null), title: fc.constantFrom("A", "a", "B") })
      .map(propose),
    fc.record({ type: fc.constant("wish"), preferences: fc.array(day), blackouts: fc.array(day) }),
    fc.record({ type: fc.constant("ask-swap"), toTeamId: team }),
    fc.record({
      type: fc.constant("answer-swap"),
      swapId: fc.constantFrom("s1", "s2", "s3"),
      accept: fc.boolean(),
    }),
  );
  const staff = fc.oneof<fc.Arbitrary<StaffTalkAct>[]>(
    fc.record({ type: fc.constant("plan"), places: fc.array(place, { maxLength: 3 }) }),
    fc.record({ type: fc.constantFrom("publish", "unpublish") }),
    fc.record({ type: fc.constant("return"), teamId: team, text: fc.constant("No.") }),
  );
  const act = fc.oneof(
    fc.record({ by: fc.constantFrom("ann", "cho", "dee"), act: student }),
    fc.record({ staff }),
  );

  it("no place, paper or title is two talks', and what everybody sees has no double place", () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 30 }), (acts) => {
        const course = new Course();
        for (const one of acts) "staff" in one ? course.staff(one.staff) : course.do(one.by, one.act);
        const { talks, days } = course.standing;
        const taken = clashesOf(planOf(talks), plannedTalks(talks), days);
        expect(taken.filter(({ clash }) => clash === "taken" || clash === "no-such-place")).toEqual([]);
        for (const of of [
          talks.map(({ title }) => title.toLowerCase()),
          talks.flatMap(({ paperId }) => paperId ?? []),
        ])
          expect(new Set(of).size).toBe(of.length);
        for (const talk of talks) if (talk.state === "returned") expect(talk.place).toBeNull();
      }),
    );
  });
});
