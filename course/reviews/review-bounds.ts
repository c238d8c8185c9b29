/** Of a scale of a review; for browsers too, which have no need of the form's schema. */
export const [leastOfScale, mostOfScale] = [1, 5] as const;

/** Of a text, in characters. */
export const longestReviewText = 4_000;
