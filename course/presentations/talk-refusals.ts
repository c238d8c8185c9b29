/** Why something about a presentation is not done: one sentence with the rule and the fix. */
const sentences = {
  "not-a-student": () => "Only students of this course propose what they present: staff approve it.",
  "not-staff": () => "Only staff of this course decide on proposals and the plan.",
  "no-team": ({ assignment, min }) =>
    `A team for ${assignment} has at least ${min} members: invite somebody first, and then propose.`,
  "not-your-team": ({ assignment }) =>
    `You are in no team for ${assignment} that has proposed something yet.`,
  "no-talk": () => "This team has no proposal any more: load the page again.",
  "title-missing": () => "Say what you present: its title.",
  "title-long": () => "The title is too long: shorten it to 200 characters.",
  "summary-missing": () => "Say in a few sentences what it will be about.",
  "summary-long": () => "What it will be about is too long: shorten it to 2,000 characters.",
  "link-wrong": () => "The link is no address: begin it with https://, or leave it out.",
  "paper-unknown": () => "This topic is not on the course's list any more: choose another one.",
  "topic-taken": () => "Another team presents this already: choose another topic.",
  "comment-missing": () => "Write what you want to say.",
  "comment-long": () => "The comment is too long: shorten it to 2,000 characters.",
  "reason-missing": () => "Say what the team should do: a proposal is not sent back without a word.",
  "day-unknown": () => "One of these days has no presentations any more: load the page again.",
  "no-day-left": () => "You cannot be away on every day of presentations: leave at least one.",
  "plan-clashes": () => "The plan still has clashes, which are listed below: nothing was saved.",
  "plan-incomplete": () => "A plan is published once every talk has a place: give a place to those without.",
  "swap-oneself": () => "This is your own talk: choose another team's.",
  "swap-unplanned": () => "Both talks need a place in the plan before they can change places.",
  "swap-begun": () => "That day has begun: its talks stay where they are.",
  "swap-asked": () => "You have asked this team already: wait for the answer, or withdraw the question.",
  "swap-over": () => "This question is not open any more: it was answered or withdrawn, or a talk has moved.",
} satisfies Record<string, (said: Said) => string>;

interface Said {
  assignment: string;
  min: number;
}

export type TalkRefusalCode = keyof typeof sentences;

export const sayTalkRefusal = (code: TalkRefusalCode, said: Said): string => sentences[code](said);
