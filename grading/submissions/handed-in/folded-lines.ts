/** Unchanged lines shown around a change. */
export const around = 3;
/** A fold of more unchanged lines holds none of them: the whole file is a click away. */
export const mostFolded = 400;
