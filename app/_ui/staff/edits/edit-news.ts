type Done = string | string[] | undefined;

const said = (sentences: Record<string, string>) => (done: Done) =>
  typeof done === "string" && Object.hasOwn(sentences, done) ? (sentences[done] ?? null) : null;

/** What was just done, by the address that an action led to; null: nothing. */
export const editNews = {
  announcement: said({
    taken: "It is as its file says now.",
    removed: "It is removed. You can bring it back here.",
    back: "It is back.",
  }),
  officeHours: said({
    added: "The office hours are added.",
    changed: "The office hours are changed.",
    exception: "The exception is set.",
    "no-exception": "The exception is removed: they are held on that day as every week.",
    taken: "They are as schedule.yaml says now.",
    removed: "The office hours are removed. You can bring them back below.",
    back: "The office hours are back.",
  }),
  conflict: said({
    file: "Settled: the file’s is taken.",
    site: "Settled: the site’s is kept.",
    over: "It was settled already, by somebody else or because both agreed again.",
  }),
};
