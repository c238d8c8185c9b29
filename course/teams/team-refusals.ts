import type { TeamsStanding } from "./team-standing.ts";

/**
 * Why something about a team is not done: one sentence with the rule and the fix. An address names it by its code and
 * the person by their id, so that no sentence on a page is of whoever made the address.
 */
const sentences = {
  "no-teams": ({ assignment }: Said) => `${assignment} is handed in by each student alone: it has no teams.`,
  "not-a-student": ({ name, assignment }: Said) =>
    `${name} is staff of this course, and only its students hand in ${assignment}: choose one of them.`,
  "not-in-course": ({ name }: Said) =>
    `${name} is not, or no longer, a student of this course: choose one of its students.`,
  "nobody-found": () =>
    "No student of this course has this name or e-mail address: choose from the list, or write the address as it is there.",
  "several-found": () => "Several students of this course have this name: write the e-mail address instead.",
  oneself: () => "You are in your team already: invite somebody else.",
  "team-full": ({ max, assignment }: Said) =>
    `The team is full: a team for ${assignment} has at most ${max} members, so somebody has to leave it first.`,
  "in-another-team": ({ name, assignment }: Said) =>
    `${name} is in another team for ${assignment}: nobody is in two, so they have to leave it first.`,
  "in-this-team": ({ name }: Said) => `${name} is in this team already.`,
  "in-a-team": ({ assignment }: Said) =>
    `You are in a team for ${assignment} already: leave it first, and then accept.`,
  "other-section": ({ name, assignment }: Said) =>
    `${name} is in another section, and teams for ${assignment} are of one section: choose somebody of yours.`,
  "you-other-section": ({ assignment }: Said) =>
    `This team is of another section than yours, and teams for ${assignment} are of one section: ask staff.`,
  "handed-in-alone": ({ name, assignment }: Said) =>
    `${name} has handed in ${assignment} alone already, so only staff can put them into a team: ask staff.`,
  "you-handed-in-alone": ({ assignment }: Said) =>
    `You have handed in ${assignment} alone already, so only staff can put you into a team: ask staff.`,
  locked: ({ assignment }: Said) =>
    `The team has handed in ${assignment}, so it stays as it is: ask staff if it has to change.`,
  "invited-already": ({ name }: Said) =>
    `${name} is invited to your team already: wait for the answer, or withdraw the invitation.`,
  "invitation-over": () =>
    "This invitation is not open any more: it was withdrawn or answered. Ask for a new one if you need it.",
  "not-your-team": ({ assignment }: Said) => `You are in no team for ${assignment}, so there is none to leave.`,
  "not-in-team": ({ name }: Said) => `${name} is not in this team any more: load the page again.`,
  "no-such-team": () => "This team is not there any more: load the page again.",
  "not-locked": () => "This team is not locked: its students can change it themselves.",
} satisfies Record<string, (said: Said) => string>;

export type TeamRefusalCode = keyof typeof sentences;

interface Said {
  /** Of whom it is said. */
  name: string;
  assignment: string;
  max: number;
}

export interface TeamRefusal {
  code: TeamRefusalCode;
  /** Of whom it is said; null: of the one who asks, or of nobody. */
  about: string | null;
}

export const isTeamRefusal = (code: string): code is TeamRefusalCode => Object.hasOwn(sentences, code);

/** The refusal in words. name: of whom it is about. */
export function sayTeamRefusal(
  code: TeamRefusalCode,
  { assignment, rules, name }: Pick<TeamsStanding, "assignment" | "rules"> & { name: string | null },
): string {
  return sentences[code]({ assignment, max: rules?.max ?? 1, name: name ?? "This person" });
}
