import type { ResponseRate } from "#course/surveys/summarize.ts";

/** "25 of 42 (59.5 %)". */
export const sayRate = ({ completed, students, percent }: ResponseRate): string =>
  `${completed} of ${students}${percent === null ? "" : ` (${percent.toFixed(1)} %)`}`;

/** "TCSS 462: 25 of 42 (59.5 %) · …" */
export function RatesLine({ rates }: { rates: ResponseRate[] }) {
  return <span className="num">{rates.map((rate) => `${rate.section}: ${sayRate(rate)}`).join(" · ")}</span>;
}
