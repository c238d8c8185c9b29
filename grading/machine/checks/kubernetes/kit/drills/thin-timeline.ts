import type { DrillTimeline } from "../../../../../protocol/messages.ts";

type Sample = DrillTimeline["samples"][number];
type Mark = DrillTimeline["marks"][number];

/** The most that a timeline may hold, as grading/protocol/messages.ts says. */
export const maxSamples = 1200;
export const maxMarks = 400;
const maxMarkChars = 300;

/**
 * At most so many samples, first and last among them. Of neighbours that become one the worst moment stays (fewest
 * ready, then fewest endpoints, then most pods), so that no dip is lost; answered and failed requests are added up.
 */
export function thinSamples(samples: readonly Sample[], most = maxSamples): Sample[] {
  const first = samples[0];
  const last = samples.at(-1);
  if (samples.length <= most || !first || !last) return [...samples];
  const between = samples.slice(1, -1);
  const groups = most - 2;
  const thinned = Array.from({ length: groups }, (_, group) =>
    mergeSamples(
      between.slice(
        Math.floor((group * between.length) / groups),
        Math.floor(((group + 1) * between.length) / groups),
      ),
    ),
  );
  return [first, ...thinned, last];
}

function mergeSamples(group: Sample[]): Sample {
  const worst = group.reduce((a, b) => (isWorse(b, a) ? b : a));
  return {
    ...worst,
    answered: group.reduce((sum, { answered }) => sum + answered, 0),
    failed: group.reduce((sum, { failed }) => sum + failed, 0),
  };
}

const isWorse = (a: Sample, b: Sample) =>
  a.ready !== b.ready
    ? a.ready < b.ready
    : a.endpoints !== b.endpoints
      ? a.endpoints < b.endpoints
      : a.pods > b.pods;

/**
 * At most so many marks, in the order of their times, each text short enough. What the drill did and saw always stays
 * before what the cluster said; where events are left out, one more says how many.
 */
export function thinMarks(marks: readonly Mark[], most = maxMarks): Mark[] {
  const cut = marks.map((mark) => ({ ...mark, text: cutText(mark.text) }));
  const ordered = cut.sort((a, b) => a.atMs - b.atMs);
  if (ordered.length <= most) return ordered;
  const own = ordered.filter(({ kind }) => kind !== "event").slice(0, most - 1);
  const room = most - 1 - own.length;
  const events = ordered.filter(({ kind }) => kind === "event");
  const kept = events.slice(0, room);
  const left = ordered.length - own.length - kept.length;
  const at = events[room]?.atMs ?? ordered.at(-1)?.atMs ?? 0;
  const more: Mark = { atMs: at, kind: "event", text: `From here on ${left} more are not shown.` };
  return [...own, ...kept, more].sort((a, b) => a.atMs - b.atMs);
}

const cutText = (text: string) =>
  text.length > maxMarkChars ? `${text.slice(0, maxMarkChars - 2)} …` : text;
