import { giveReviews, handReviewsOn, keepReviewBack } from "#app/_server/actions/review-actions.ts";
import type { ReviewsView, StaffReviews } from "#app/_server/queries/course/reviews.ts";
import { plural } from "../format.ts";
import { ActionButton } from "../page/action-button.tsx";
import { EmptyState, Panel } from "../page/panel.tsx";
import { RowsTable } from "../page/rows-table.tsx";
import { ReviewText } from "./review-text.tsx";
import classes from "./reviews.module.css";

interface Props {
  course: string;
  view: ReviewsView;
  staff: StaffReviews;
}

/** Who reviews what, how far they are, and what goes on to the teams. */
export function StaffReviewsView({ course, view, staff }: Props) {
  const { released, assignment } = view;
  const given = staff.reviewers.reduce((sum, one) => sum + one.given, 0);
  const written = staff.reviewers.reduce((sum, one) => sum + one.written, 0);
  return (
    <>
      <Panel
        title="Reviewers"
        aside={
          <span className={classes.row}>
            <ActionButton
              action={giveReviews}
              hidden={{ course }}
              name="give"
              word={given === 0 ? "Give reviews out" : "Give out what is missing"}
            />
            {written > 0 ? (
              <ActionButton
                key={`${released}`}
                action={handReviewsOn}
                hidden={{ course, how: released ? "take-back" : "release" }}
                name="release"
                word={released ? "Take them back from teams" : "Hand them on to teams"}
              />
            ) : null}
          </span>
        }
        flush
      >
        {given === 0 ? (
          <EmptyState title="Not given out yet.">
            Each student gets {plural(assignment.each, "presentation")} of others to review, as evenly as it
            goes.
          </EmptyState>
        ) : (
          <>
            <p className={classes.sum}>
              {written} of {plural(given, "review")} written
              {released ? ", and handed on to the teams" : ""}.
            </p>
            <RowsTable
              label="Reviewers"
              rows={staff.reviewers}
              rowKey={(row) => row.userId}
              columns={[
                { name: "Student", cell: (row) => <Reviewer {...row} /> },
                { name: "Written", cell: (row) => `${row.written} of ${row.given}` },
              ]}
            />
          </>
        )}
      </Panel>
      {staff.talks.map((talk) => (
        <Panel
          key={talk.title}
          title={talk.title}
          aside={
            <span className="num">
              {talk.reviews.length} of {plural(talk.given, "review")}
            </span>
          }
        >
          <p className={classes.who}>{talk.team.join(", ")}</p>
          {talk.reviews.map((one) => (
            <details key={one.id} className={classes.one}>
              <summary>
                By {one.by}
                {one.heldBack ? <span className={classes.state}>kept from the team</span> : null}
              </summary>
              <ReviewText {...one} />
              <ActionButton
                key={`${one.heldBack}`}
                action={keepReviewBack}
                hidden={{ course, review: one.id, how: one.heldBack ? "let-go" : "hold" }}
                name="hold"
                word={one.heldBack ? "Let it go to the team" : "Keep it from the team"}
                label={`${one.heldBack ? "Let go to the team" : "Keep from the team"}: the review by ${one.by}`}
              />
            </details>
          ))}
        </Panel>
      ))}
    </>
  );
}

/** A name may run from right to left, and what follows does not. */
const Reviewer = ({ name, section }: StaffReviews["reviewers"][number]) => (
  <>
    <bdi>{name}</bdi>
    {section ? `, ${section}` : ""}
  </>
);
