/** What staff can be told of, by code: what a page calls it, and what staff do about it. */
export const noticeKinds = {
  "run.not_gradable": {
    title: "Runs could not be graded",
    fix: "Read why on each run's page; mend the exercise or the platform, then run the submissions again. It is over once each has a grade, or a newer one of its student has.",
  },
  "fleet.misconfigured": {
    title: "Drydock cannot start machines",
    fix: "Whoever runs Drydock has to mend its set-up; runs wait meanwhile, and nobody is charged for it.",
  },
  "fleet.provider-silent": {
    title: "What makes machines does not answer",
    fix: "Whoever runs Drydock has to start it again, such as the Docker engine. Runs keep their places, nobody is charged for it, and this closes by itself once it answers.",
  },
  "fleet.machine-stays": {
    title: "A machine could not be ended",
    fix: "End it at its provider by hand; Drydock goes on trying, and the timer in it powers it off at its lease's end.",
  },
  "fleet.foreign-machines": {
    title: "Machines of another provider are left",
    fix: "Start a worker that has this provider, or end them there by hand; until then nobody watches them.",
  },
  "fleet.former-machines": {
    title: "Machines are left from before an upgrade",
    fix: "Drydock ends them and has their runs graded again. If one stays, whoever runs Drydock ends it by hand: docs/operating.md says how.",
  },
  "fleet.budget": {
    title: "Runs wait for money",
    fix: "Nothing is lost: they start once machines that run have ended, the day (UTC) is over, or whoever runs Drydock raises the limit; docs/costs.md says how.",
  },
  "fleet.student-budget": {
    title: "Runs of a student wait for money",
    fix: "They start by themselves once the day (UTC) is over. Whoever runs Drydock can raise DRYDOCK_STUDENT_DAY_USD.",
  },
  "fleet.stopped": {
    title: "The fleet is stopped",
    fix: "Runs wait and none is lost. Start it again on the fleet page, or by `drydock fleet resume`.",
  },
  "fleet.no-schedule": {
    title: "Machines have no schedule that ends them",
    fix: "Whoever runs Drydock has to mend why none can be made; it is tried again all the time. Machines grade meanwhile, and other ways end them: docs/aws.md names them.",
  },
  "fleet.interruptions-unheard": {
    title: "Interruptions are heard from machines alone",
    fix: "Whoever runs Drydock has to mend why the queue cannot be read; it is tried again all the time. A machine that hears of its own interruption still gives its run back at once.",
  },
  "storage.nearly_full": {
    title: "The storage of a course is nearly full",
    fix: "Whoever runs Drydock can raise DRYDOCK_COURSE_STORAGE_GIB; once it is full, uploads are refused.",
  },
  "storage.full": {
    title: "The storage of a course is full",
    fix: "Whoever runs Drydock has to raise DRYDOCK_COURSE_STORAGE_GIB; until then uploads are refused.",
  },
  "storage.trouble": {
    title: "Files cannot be stored or read",
    fix: "Whoever runs Drydock has to change what the notice names. Uploads are refused meanwhile, and what was handed in before is safe; this closes by itself once a file can be stored again.",
  },
  "storage.unknown_files": {
    title: "The database does not know stored submissions",
    fix: "Nothing was removed. Whoever runs Drydock has to see whether database and data folder belong together: docs/operating.md says how.",
  },
  "machine-image.old": {
    title: "A machine image is old",
    fix: "Runs go on with it. Whoever runs Drydock has to mend why it cannot be made anew: `drydock machine refresh` tries at once.",
  },
  "database.owner": {
    title: "Drydock has more rights in its database than it needs",
    fix: "Whoever runs Drydock has to give the site a role of its own: docs/operating.md says how.",
  },
} as const satisfies Record<string, { title: string; fix: string }>;

export type NoticeCode = keyof typeof noticeKinds;

/** At most one notice of an action and a subject is open. */
export interface NoticeKey {
  action: NoticeCode;
  /** <kind>:<id>, such as exercise:exc_… or image:engine+kubernetes. */
  subject: string;
}

export interface StaffNotice extends NoticeKey {
  /** One sentence. */
  reason: string;
  /** What made it so this time, of many that are told as one: <kind>:<id>, for the log. */
  about?: string;
}

/** Opens the notice, or counts once more that it was told. */
export type TellStaff = (notice: StaffNotice) => Promise<void>;
/** Closes the open notice, if there is one: the trouble is over. */
export type SettleNotice = (key: NoticeKey) => Promise<void>;
