/** The ends of a scale; the middle is what 5 means. */
export const scaleFrom = 1;
export const scaleTo = 10;

/** Characters of one written answer. */
export const longestText = 2000;
