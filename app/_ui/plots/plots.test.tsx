import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { HistogramPlot } from "./histogram.tsx";
import { TrendPlot } from "./trend.tsx";

const numbersOf = (html: string, pattern: RegExp) =>
  [...html.matchAll(pattern)].map(([, text]) => Number(text));

test("bars are as high as what they count, also where all count nothing", () => {
  const draw = (counts: number[]) =>
    renderToStaticMarkup(
      <HistogramPlot
        caption="C"
        label="How often."
        ends={["few", "many"]}
        bars={counts.map((count, index) => ({ name: String(index + 1), count }))}
      />,
    );
  const heights = numbersOf(draw([1, 2, 4, 0]), /<rect[^>]* height="([\d.]+)"/g);
  expect(heights.map((height) => Math.round((4 * height) / (heights[2] ?? 0)))).toEqual([1, 2, 4, 0]);
  expect(numbersOf(draw([0, 0]), /<rect[^>]* height="([\d.]+)"/g)).toEqual([0, 0]);
  expect(draw([1])).toContain('role="img" aria-label="How often."');
});

test("a line has a gap where nothing is known, and the numbers are behind it", () => {
  const html = renderToStaticMarkup(
    <TrendPlot
      caption="C"
      label="How it went."
      places={["1", "2", "3"]}
      placeName="Class"
      range={[1, 10]}
      series={[{ name: "Pace", values: [5.1, null, 5.83] }]}
    />,
  );
  const [, path = ""] = /class="[^"]*line[^"]*" d="([^"]+)"/.exec(html) ?? [];
  expect(path.match(/M/g)).toHaveLength(2);
  expect(html).toMatch(/5\.10.*–.*5\.83/s);
});
