/**
 * Says to Next that a document could not be made, so that it makes the page about that instead: "absent", or the
 * reference of a failure. The front door drops it from what callers send.
 */
export const failureHeader = "x-drydock-failure";
export const absent = "absent";

/** Under which every error of a request is logged; the page about it names it. */
export const referenceHeader = "x-drydock-reference";
