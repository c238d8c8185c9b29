import type { ReviewsView } from "#app/_server/queries/course/reviews.ts";
import { assignmentPath } from "../addresses.ts";
import { plural } from "../format.ts";
import { TextLink } from "../page/links.tsx";
import { News } from "../page/news.tsx";
import { Notice } from "../page/notice.tsx";
import { EmptyState, Panel } from "../page/panel.tsx";
import { ReviewForm } from "./review-form.tsx";
import { ReviewText } from "./review-text.tsx";
import classes from "./reviews.module.css";
import { StaffReviewsView } from "./staff-reviews.tsx";

/** What the reader has just done, by the address. */
export const reviewNews = {
  written: "Your review is kept. You can change it until reviews are handed on to the teams.",
  given: "The reviews are given out: each student sees theirs here.",
  hold: "The review is kept from its team.",
  "let-go": "The review may go to its team.",
  release: "Teams read their reviews now, without names.",
  "take-back": "Teams read their reviews no more.",
} as const;

interface Props {
  course: string;
  view: ReviewsView;
  done: keyof typeof reviewNews | null;
}

export function ReviewsPageView({ course, view, done }: Props) {
  const { assignment, own, received, staff, form, released } = view;
  return (
    <div className={classes.stack}>
      {done ? (
        <News key={done} parameter="done">
          <Notice tone="ok">{reviewNews[done]}</Notice>
        </News>
      ) : null}
      {staff ? <StaffReviewsView {...{ course, view, staff }} /> : null}
      {staff === null ? (
        <Panel
          title="To write"
          aside={<TextLink href={assignmentPath(course, assignment.slug)}>{assignment.title}</TextLink>}
        >
          {own.length === 0 ? (
            <EmptyState title="Nothing to review.">
              Presentations that are yours to review show up here once staff have given them out.
            </EmptyState>
          ) : (
            <>
              <p>
                {own.filter(({ written }) => written !== null).length} of {plural(own.length, "review")}{" "}
                written. The team reads what you write without your name.
              </p>
              {own.map((one) => (
                <details key={one.id} className={classes.one} open={own.length === 1 && one.written === null}>
                  <summary>
                    {one.talk} <small>{one.team.join(", ")}</small>{" "}
                    <span className={classes.state}>{one.written ? "written" : "to write"}</span>
                  </summary>
                  {released && one.written ? (
                    <ReviewText {...one.written} />
                  ) : (
                    <ReviewForm
                      course={course}
                      review={one.id}
                      form={form}
                      answers={one.written?.answers ?? {}}
                    />
                  )}
                </details>
              ))}
            </>
          )}
        </Panel>
      ) : null}
      {received ? (
        <Panel
          title={`About your presentation: ${received.talk}`}
          aside={<span className="num">{plural(received.reviews.length, "review")}</span>}
        >
          {received.reviews.length === 0 ? (
            <EmptyState title="No review.">Nobody has written one.</EmptyState>
          ) : (
            received.reviews.map((one, index) => (
              <article key={one.id} className={classes.received}>
                <h3>Review {index + 1}</h3>
                <ReviewText {...one} />
              </article>
            ))
          )}
        </Panel>
      ) : null}
    </div>
  );
}
