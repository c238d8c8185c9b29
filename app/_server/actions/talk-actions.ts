"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { presentationsPath, talkPlanPath } from "#app/_ui/addresses.ts";
import { AppError } from "#course/errors.ts";
import { changeOwnTalk, changeTalks } from "#course/presentations/change-talks.ts";
import type { StaffTalkAct } from "#course/presentations/staff-talk-acts.ts";
import type { StudentTalkAct } from "#course/presentations/student-talk-acts.ts";
import type { TalkRefusalCode } from "#course/presentations/talk-refusals.ts";
import { createTalkStore } from "#infra/db/course/talk-store.ts";
import { findPresentations } from "../queries/course/presentations.ts";
import type { Services } from "../services.ts";
import { action } from "./action.ts";
import { type FormState, failedForm, refusedForm } from "./form-state.ts";

const text = z.string().max(20_000);
const course = z.string().max(100);
const subject = (input: { course: string }) => ({ course: input.course });

interface Actor {
  courseId: string;
  by: string;
  services: Services;
}

/** Beside which field of a proposal a refusal stands. */
const fields: Partial<Record<TalkRefusalCode, string>> = {
  ...{ "title-missing": "title", "title-long": "title", "topic-taken": "title", "paper-unknown": "title" },
  ...{ "summary-missing": "summary", "summary-long": "summary", "link-wrong": "link" },
  ...{ "comment-missing": "text", "comment-long": "text", "reason-missing": "text" },
};

async function assignmentOf({ courseId, services }: Actor): Promise<string> {
  const found = await findPresentations(services, courseId);
  if (found !== null) return found.id;
  throw new AppError({ code: "not-found", userMessage: "This course has no presentations any more." });
}

async function ofStudent(actor: Actor, act: StudentTalkAct, typed: Record<string, string>) {
  const { db, clock } = actor.services;
  const assignmentId = await assignmentOf(actor);
  const outcome = await changeOwnTalk(
    { store: createTalkStore(db, clock) },
    { assignmentId, by: actor.by, act },
  );
  return outcome.outcome === "done" ? null : refusal(outcome, typed);
}

async function ofStaff(actor: Actor, act: StaffTalkAct, typed: Record<string, string>) {
  const { db, clock } = actor.services;
  const assignmentId = await assignmentOf(actor);
  const outcome = await changeTalks(
    { store: createTalkStore(db, clock) },
    { assignmentId, by: actor.by, act },
  );
  return outcome.outcome === "done" ? null : refusal(outcome, typed);
}

const refusal = (
  refused: { code: TalkRefusalCode; message: string },
  typed: Record<string, string>,
): FormState => refusedForm([{ field: fields[refused.code] ?? "form", message: refused.message }], typed);

/** Proposes what the reader's team presents, or changes it. */
export const proposeTalk = action(
  {
    permission: "talk.propose",
    input: z.object({
      course,
      /** Of the list, or empty for another topic. */
      topic: text,
      kind: z.enum(["paper", "technology"]).default("paper"),
      title: text.default(""),
      link: text.default(""),
      summary: text,
    }),
    subject,
    failed: failedForm,
  },
  async ({ input, actor, subject: { courseId }, services }) => {
    const { topic, kind, title, link, summary } = input;
    const act = {
      type: "propose" as const,
      paperId: topic || null,
      kind,
      title,
      link: link || null,
      summary,
    };
    const typed = { topic, kind, title, link, summary };
    const state = await ofStudent({ courseId, by: actor.userId, services }, act, typed);
    return state ?? redirect(`${presentationsPath(input.course)}?done=proposed#yours`);
  },
);

/** When the reader's team would like to present, and when it cannot: a field for each day, day.<id>. */
export const wishForDays = action(
  { permission: "talk.propose", input: z.looseObject({ course }), subject, failed: failedForm },
  async ({ input, actor, subject: { courseId }, services }) => {
    const chosen = Object.entries(input).flatMap(([name, value]) =>
      name.startsWith("day.") && typeof value === "string" ? [{ day: name.slice("day.".length), value }] : [],
    );
    const ranked = chosen.filter(({ value }) => /^[1-9]$/.test(value));
    const act = {
      type: "wish" as const,
      preferences: ranked.sort((a, b) => Number(a.value) - Number(b.value)).map(({ day }) => day),
      blackouts: chosen.filter(({ value }) => value === "no").map(({ day }) => day),
    };
    const typed = Object.fromEntries(chosen.map(({ day, value }) => [`day.${day}`, value]));
    const state = await ofStudent({ courseId, by: actor.userId, services }, act, typed);
    return state ?? redirect(`${presentationsPath(input.course)}?done=wished#yours`);
  },
);

/** Says something about the reader's own talk. */
export const commentOnTalk = action(
  { permission: "talk.propose", input: z.object({ course, text }), subject, failed: failedForm },
  async ({ input, actor, subject: { courseId }, services }) => {
    const act = { type: "comment" as const, text: input.text };
    const state = await ofStudent({ courseId, by: actor.userId, services }, act, { text: input.text });
    return state ?? redirect(`${presentationsPath(input.course)}?done=said#yours`);
  },
);

/** Asks another team to change places. */
export const askForSwap = action(
  { permission: "talk.propose", input: z.object({ course, team: text }), subject, failed: failedForm },
  async ({ input, actor, subject: { courseId }, services }) => {
    const act = { type: "ask-swap" as const, toTeamId: input.team };
    const state = await ofStudent({ courseId, by: actor.userId, services }, act, { team: input.team });
    return state ?? redirect(`${presentationsPath(input.course)}?done=asked#yours`);
  },
);

/** Accepts, declines or withdraws a question about a change of places. */
export const answerSwap = action(
  {
    permission: "talk.propose",
    input: z.object({ course, swap: text, how: z.enum(["accept", "decline", "withdraw"]) }),
    subject,
    failed: failedForm,
  },
  async ({ input, actor, subject: { courseId }, services }) => {
    const { how, swap: swapId } = input;
    const act: StudentTalkAct =
      how === "withdraw"
        ? { type: "withdraw-swap", swapId }
        : { type: "answer-swap", swapId, accept: how === "accept" };
    const state = await ofStudent({ courseId, by: actor.userId, services }, act, {});
    return state ?? redirect(`${presentationsPath(input.course)}?done=${how}#yours`);
  },
);

/** Staff approve a proposal, send it back with a word, or say something about it. */
export const judgeTalk = action(
  {
    permission: "talk.plan",
    input: z.object({
      course,
      team: text,
      text: text.default(""),
      how: z.enum(["approve", "return", "comment"]),
    }),
    subject,
    failed: failedForm,
  },
  async ({ input, actor, subject: { courseId }, services }) => {
    const { how, team: teamId } = input;
    const staff = { courseId, by: actor.userId, services };
    const state = await ofStaff(staff, { type: how, teamId, text: input.text }, { text: input.text });
    return (
      state ??
      redirect(`${talkPlanPath(input.course)}?done=${how}&team=${encodeURIComponent(teamId)}#proposals`)
    );
  },
);

/** Everybody sees who presents when from now on, or staff alone again. */
export const publishTalks = action(
  {
    permission: "talk.plan",
    input: z.object({ course, how: z.enum(["publish", "unpublish"]) }),
    subject,
    failed: failedForm,
  },
  async ({ input, actor, subject: { courseId }, services }) => {
    const state = await ofStaff({ courseId, by: actor.userId, services }, { type: input.how }, {});
    return state ?? redirect(`${talkPlanPath(input.course)}?done=${input.how}`);
  },
);
