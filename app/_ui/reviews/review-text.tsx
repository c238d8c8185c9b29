import type { WrittenReview } from "#app/_server/queries/course/reviews.ts";
import { mostOfScale } from "#course/reviews/review-bounds.ts";
import { Facts } from "../page/panel.tsx";
import classes from "./reviews.module.css";

/** A review as it was written, by the form of that time. */
export function ReviewText({ form, answers }: WrittenReview) {
  return (
    <Facts
      rows={form.map(({ id, kind, text }) => ({
        name: text,
        value:
          kind === "scale" ? (
            <span className="num">
              {answers[id]} of {mostOfScale}
            </span>
          ) : (
            <span className={classes.text}>{answers[id]}</span>
          ),
      }))}
    />
  );
}
