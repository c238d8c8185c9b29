import { publishTalks } from "#app/_server/actions/talk-actions.ts";
import type { PresentationsView } from "#app/_server/queries/course/presentations.ts";
import { plannedTalks } from "#course/presentations/planned-talks.ts";
import { plural } from "../../format.ts";
import { ActionButton } from "../../page/action-button.tsx";
import { News } from "../../page/news.tsx";
import { Notice } from "../../page/notice.tsx";
import { EmptyState, Panel } from "../../page/panel.tsx";
import classes from "../presentations.module.css";
import { sayTalkDay } from "../talk-words.ts";
import { PlanForm } from "./plan-form.tsx";
import { ProposalCard } from "./proposal-card.tsx";

export const staffTalkNews = {
  saved: "The plan is saved.",
  publish: "The plan is published: everybody in the course sees it.",
  unpublish: "The plan is staff's alone again.",
  approve: "The proposal is approved.",
  return: "The proposal is sent back with your comment.",
  comment: "Your comment is there, for the team and for staff.",
} as const;

interface Props {
  course: string;
  view: PresentationsView;
  zone: string;
  news: { done: keyof typeof staffTalkNews | null; team: string | null };
}

/** What teams propose, and the plan of who presents when. */
export function StaffTalks({ course, view, zone, news }: Props) {
  const waiting = view.talks.filter(({ state }) => state === "proposed").length;
  const planned = plannedTalks(view.talks);
  const talk = view.talks.find(({ teamId }) => teamId === news.team);
  return (
    <div className={classes.stack}>
      {news.done ? (
        <News key={`${news.done} ${news.team}`} parameter="done">
          <Notice tone="ok">
            {talk ? `“${talk.title}”: ` : ""}
            {staffTalkNews[news.done]}
          </Notice>
        </News>
      ) : null}
      <Panel
        title="Plan"
        aside={
          <ActionButton
            key={`${view.published}`}
            action={publishTalks}
            hidden={{ course, how: view.published ? "unpublish" : "publish" }}
            name="publish"
            word={view.published ? "Hide it from students" : "Publish it"}
          />
        }
      >
        {planned.length === 0 || view.days.length === 0 ? (
          <EmptyState title="Nothing to plan yet.">
            {view.days.length === 0
              ? "No class of the schedule has talks: give its classes of presentations “talks” in schedule.yaml."
              : "Talks can be planned once teams have proposed them."}
          </EmptyState>
        ) : (
          <PlanForm
            // What was saved meanwhile is what the form begins with.
            key={JSON.stringify(view.talks.map(({ place }) => place))}
            course={course}
            zone={zone}
            days={view.days.map((day) => ({ ...day, label: sayTalkDay(day, zone) }))}
            talks={view.talks.filter(({ state }) => state !== "returned")}
          />
        )}
      </Panel>
      <div id="proposals">
        <Panel
          title="Proposals"
          aside={
            <span className="num">
              {waiting === 0 ? plural(view.talks.length, "talk") : `${waiting} to decide`}
            </span>
          }
        >
          {view.talks.length === 0 ? (
            <EmptyState title="No proposal yet.">
              What teams propose shows up here, to be approved.
            </EmptyState>
          ) : (
            view.talks.map((one) => <ProposalCard key={one.teamId} {...{ course, talk: one, zone }} />)
          )}
        </Panel>
      </div>
    </div>
  );
}
