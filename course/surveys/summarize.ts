import { scaleFrom, scaleTo } from "./scale.ts";
import { fewest } from "./survey-times.ts";

export interface SectionCount {
  section: string;
  students: number;
  /** Who completed the survey. */
  completed: number;
}

export interface ResponseRate extends SectionCount {
  /** Of a hundred, to one decimal; null of a section without students. */
  percent: number | null;
}

/** Half a point is rounded up, as people do. */
const round = (value: number, places: number) =>
  Number(`${Math.round(Number(`${value}e${places}`))}e-${places}`);

/** Each section's and, where there are several, that of all. */
export function responseRates(sections: readonly SectionCount[]): ResponseRate[] {
  const total = (of: (one: SectionCount) => number) => sections.reduce((sum, one) => sum + of(one), 0);
  const all = {
    section: "All",
    students: total(({ students }) => students),
    completed: total(({ completed }) => completed),
  };
  return [...sections, ...(sections.length > 1 ? [all] : [])].map((one) => ({
    ...one,
    percent: one.students === 0 ? null : round((100 * one.completed) / one.students, 1),
  }));
}

/** How often each number was chosen: of the scale's ten, the first is how often 1 was. */
export type Histogram = readonly number[];

export const emptyHistogram = (): number[] => Array.from({ length: scaleTo - scaleFrom + 1 }, () => 0);

/** To two decimals; null of nothing. */
export function averageOf(histogram: Histogram): number | null {
  const count = countOf(histogram);
  if (count === 0) return null;
  const sum = histogram.reduce((total, times, index) => total + times * (index + scaleFrom), 0);
  return round(sum / count, 2);
}

export const countOf = (histogram: Histogram): number => histogram.reduce((sum, times) => sum + times, 0);

export const addHistograms = (histograms: readonly Histogram[]): number[] =>
  histograms.reduce<number[]>(
    (sum, one) => sum.map((times, index) => times + (one[index] ?? 0)),
    emptyHistogram(),
  );

/** What of a section may be shown: nothing while fewer than five of it answered. */
export const mayShow = ({ answers }: { answers: number }): boolean => answers >= fewest;

/** What is shown in all is the sum of what may be shown: else what is hidden would be the difference. */
export const shownTogether = <Section extends { answers: number }>(sections: readonly Section[]): Section[] =>
  sections.filter(mayShow);

export interface Compared {
  average: number;
  before: number | null;
  /** Of the numbers as they are shown. */
  moved: "up" | "down" | "same" | null;
}

/** An average beside that of the class before. */
export function compare(average: number, before: number | null): Compared {
  if (before === null) return { average, before, moved: null };
  return { average, before, moved: average > before ? "up" : average < before ? "down" : "same" };
}
