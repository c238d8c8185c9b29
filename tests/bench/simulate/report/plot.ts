import type { Policy } from "../fleet/hold.ts";
import type { Sample } from "../simulate.ts";
import type { PolicyFigures } from "./figures.ts";

/** What was seen of one deadline. */
export interface SurgeSight {
  title: string;
  dueAt: Date;
  /** Of this work and any other, instants. */
  arrivals: readonly number[];
  samples: Record<Policy, readonly Sample[]>;
}

const width = 760;
const left = 52;
const right = 20;
const inner = width - left - right;
const hourMs = 3_600_000;
const hours = 12;
const after = 1;
const minutes = 10;

const colours = { "deadline-aware": "aware", reactive: "reactive", flat: "flat" } as const;
const names: Record<Policy, string> = {
  "deadline-aware": "deadline-aware",
  reactive: "reactive",
  flat: "flat pool",
};

/** One picture in light and dark: what comes in before a deadline, what is held ready for it, and what each way costs. */
export function plotSvg(sight: SurgeSight, figures: readonly PolicyFigures[]): string {
  const from = sight.dueAt.getTime() - hours * hourMs;
  const until = sight.dueAt.getTime() + after * hourMs;
  const x = (at: number) => left + (inner * (at - from)) / (until - from);
  const bins = binned(sight.arrivals, from, until);
  const idle = Object.entries(sight.samples).map(
    ([policy, samples]) => [policy as Policy, mostOf(samples, from, until)] as const,
  );
  const mostHeld = Math.max(1, ...idle.flatMap(([, held]) => held));
  const parts = [
    text(left, 30, `The last ${hours} hours before ${sight.title} is due`, "title"),
    ...panel(58, 130, "submissions in 10 minutes", bins, from, (y, at, index) => {
      const wide = x(at + minutes * 60_000) - x(at) - 1;
      return `<rect class="arrivals" x="${n(x(at))}" y="${n(y)}" width="${n(wide)}" height="${n(188 - y)}"><title>${bins[index]} ${bins[index] === 1 ? "submission" : "submissions"}</title></rect>`;
    }),
    ...axis(188, x, sight.dueAt),
    ...frame(232, 120, "machines that wait for a run", mostHeld),
    ...idle.map(([policy, held]) => steps(held, from, x, 352, 120 / mostHeld, colours[policy])),
    ...axis(352, x, sight.dueAt),
    ...legend(396),
    text(left, 440, "The whole semester", "title"),
    ...bars(
      468,
      "p95 wait in the last hour without troubles, seconds",
      figures,
      ({ fairLastHour }) => fairLastHour.p95,
    ),
    ...bars(468, "dollars", figures, ({ usd }) => usd, true),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} 590" role="img" aria-labelledby="fleet-title fleet-desc" font-family="system-ui, sans-serif" font-size="12">
<title id="fleet-title">Machines held ready before a deadline, simulated</title>
<desc id="fleet-desc">${escaped(description(sight, figures))}</desc>
<style>
svg { --ink: #1b2430; --soft: #5b6675; --line: #d5dbe3; --paper: #ffffff; --bars: #b9c4d2; --aware: #0b6bcb; --reactive: #a33b00; --flat: #6b4fa0; }
@media (prefers-color-scheme: dark) { svg { --ink: #e6ebf2; --soft: #a3afbf; --line: #38424f; --paper: #12171e; --bars: #4a5668; --aware: #62b0ff; --reactive: #ff9d66; --flat: #bda4f0; } }
.paper { fill: var(--paper); } text { fill: var(--soft); } .title { fill: var(--ink); font-size: 15px; font-weight: 600; } .value { fill: var(--ink); }
.line { stroke: var(--line); } .arrivals { fill: var(--bars); } path { fill: none; stroke-width: 2; }
.aware { stroke: var(--aware); } .reactive { stroke: var(--reactive); stroke-dasharray: 6 3; } .flat { stroke: var(--flat); stroke-dasharray: 2 3; }
rect.aware { fill: var(--aware); stroke: none; } rect.reactive { fill: var(--reactive); stroke: none; } rect.flat { fill: var(--flat); stroke: none; }
</style>
<rect class="paper" width="${width}" height="590"/>
${parts.join("\n")}
</svg>
`;
}

function description({ title }: SurgeSight, figures: readonly PolicyFigures[]): string {
  const each = figures.map(
    ({ policy, usd, fairLastHour }) =>
      `${names[policy]}: p95 wait in the last hour ${fairLastHour.p95.toFixed(0)} seconds, ${usd.toFixed(2)} dollars a semester`,
  );
  return `Above, submissions before ${title} is due and the machines that wait for them under each policy. Below, ${each.join("; ")}.`;
}

function binned(arrivals: readonly number[], from: number, until: number): number[] {
  const bins = Array.from({ length: Math.round((until - from) / (minutes * 60_000)) }, () => 0);
  for (const at of arrivals) {
    const index = Math.floor((at - from) / (minutes * 60_000));
    if (index >= 0 && index < bins.length) bins[index] = (bins[index] ?? 0) + 1;
  }
  return bins;
}

/** The most in every two minutes; none where nothing was looked at. */
function mostOf(samples: readonly Sample[], from: number, until: number): number[] {
  const held = Array.from({ length: Math.round((until - from) / 120_000) }, () => 0);
  for (const { at, idle } of samples) {
    const index = Math.floor((at - from) / 120_000);
    if (index >= 0 && index < held.length) held[index] = Math.max(held[index] ?? 0, idle);
  }
  return held;
}

function steps(
  held: number[],
  from: number,
  x: (at: number) => number,
  base: number,
  scale: number,
  className: string,
) {
  const points = held.map((machines, i) => `H${n(x(from + i * 120_000))} V${n(base - machines * scale)}`);
  return `<path class="${className}" d="M${left} ${base} ${points.join(" ")} H${left + inner}"/>`;
}

function panel(
  top: number,
  height: number,
  label: string,
  bins: number[],
  from: number,
  draw: (y: number, at: number, index: number) => string,
): string[] {
  const most = Math.max(1, ...bins);
  const base = top + height;
  return [
    ...frame(top, height, label, most),
    ...bins.flatMap((count, index) =>
      count === 0 ? [] : [draw(base - (height * count) / most, from + index * minutes * 60_000, index)],
    ),
  ];
}

function frame(top: number, height: number, label: string, most: number): string[] {
  return [
    text(left, top - 6, label, "label"),
    `<text x="${left - 8}" y="${top + 10}" text-anchor="end">${most}</text>`,
    `<text x="${left - 8}" y="${top + height}" text-anchor="end">0</text>`,
    `<line class="line" x1="${left}" x2="${left + inner}" y1="${top}" y2="${top}"/>`,
    `<line class="line" x1="${left}" x2="${left + inner}" y1="${top + height}" y2="${top + height}"/>`,
  ];
}

function axis(base: number, x: (at: number) => number, dueAt: Date): string[] {
  return [12, 9, 6, 3, 1, 0].map((before) => {
    const at = x(dueAt.getTime() - before * hourMs);
    const label = before === 0 ? "due" : `${before} h`;
    return `<text x="${n(at)}" y="${base + 15}" text-anchor="middle">${label}</text>`;
  });
}

function legend(y: number): string[] {
  return Object.entries(names).map(([policy, name], index) => {
    const at = left + index * 170;
    const className = colours[policy as Policy];
    return `<path class="${className}" d="M${at} ${y - 4} h28"/>${text(at + 36, y, name, "value")}`;
  });
}

function bars(
  top: number,
  label: string,
  figures: readonly PolicyFigures[],
  of: (figures: PolicyFigures) => number,
  onTheRight = false,
): string[] {
  const start = onTheRight ? left + inner / 2 + 12 : left;
  const most = Math.max(1e-9, ...figures.map(of));
  return [
    text(start, top, label, "label"),
    ...figures.map((one, index) => {
      const y = top + 12 + index * 30;
      const long = (170 * of(one)) / most;
      const value = onTheRight ? of(one).toFixed(2) : of(one).toFixed(0);
      return `<rect class="${colours[one.policy]}" x="${n(start)}" y="${y}" width="${n(Math.max(1, long))}" height="18"/>${text(start + long + 6, y + 13, `${value} ${names[one.policy]}`, "value")}`;
    }),
  ];
}

const text = (x: number, y: number, words: string, className: string) =>
  `<text class="${className}" x="${n(x)}" y="${n(y)}">${escaped(words)}</text>`;
const n = (value: number) => `${Math.round(value * 10) / 10}`;
const escaped = (words: string) => words.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
