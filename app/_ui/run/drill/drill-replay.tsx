"use client";

import { Slider } from "@mantine/core";
import { type KeyboardEvent, type PointerEvent, useCallback, useId, useMemo } from "react";
import type { DrillTimeline } from "#grading/protocol/messages.ts";
import { DrillChart } from "./drill-chart.tsx";
import { DrillControls } from "./drill-controls.tsx";
import { DrillFigures } from "./drill-figures.tsx";
import { DrillMarks } from "./drill-marks.tsx";
import { type DrillMoment, lastAt, momentAt } from "./drill-moments.ts";
import classes from "./drill-replay.module.css";
import { summariseDrill } from "./drill-summary.ts";
import { DrillTable } from "./drill-table.tsx";
import { momentWords } from "./moment-words.ts";
import { type Playback, usePlayback } from "./use-playback.ts";

/** Milliseconds that an arrow key moves, about the distance of two samples; and Page Up and Page Down. */
const arrowMs = 200;
const pageMs = 5000;

interface DrillReplayProps {
  timeline: DrillTimeline;
  /** Of the check whose drill it is. */
  title: string;
}

/** What a drill saw, to be played again: without JavaScript the whole chart, its sentence and the list. */
export default function DrillReplay({ timeline, title }: DrillReplayProps) {
  const { samples, marks, durationMs } = timeline;
  const id = useId();
  const playback = usePlayback(durationMs);
  const { atMs, seek } = playback;
  const summary = useMemo(() => summariseDrill(timeline), [timeline]);
  const moment = momentAt(samples, atMs);
  const begun = atMs > 0;
  const step = useCallback(
    (by: 1 | -1) => {
      const times = marks.map((mark) => mark.atMs);
      seek(
        by === 1 ? (times.find((at) => at > atMs) ?? durationMs) : (times.findLast((at) => at < atMs) ?? 0),
      );
    },
    [marks, atMs, durationMs, seek],
  );
  return (
    <section className={classes.replay} aria-labelledby={id}>
      <h3 id={id}>
        What the drill saw<span className="sr"> in “{title}”</span>
      </h3>
      <p className={classes.summary}>{summary}</p>
      <DrillFigures moment={moment} />
      <div className={classes.stage}>
        <div className={classes.plot} role="presentation" {...pointing(seek, durationMs)}>
          <DrillChart timeline={timeline} label={`The drill as a chart. ${summary}`} />
          <Playhead atMs={atMs} durationMs={durationMs} />
        </div>
        <Scrubber playback={playback} durationMs={durationMs} moment={moment} />
        <div className={`${classes.ends} num`} aria-hidden>
          <span>{momentWords(0)}</span>
          <span>{momentWords(durationMs / 2)}</span>
          <span>{momentWords(durationMs)}</span>
        </div>
      </div>
      <DrillControls playback={playback} durationMs={durationMs} onStep={step} />
      <DrillMarks marks={marks} current={begun ? lastAt(marks, atMs) : -1} onSeek={seek} />
      <DrillTable samples={samples} />
    </section>
  );
}

/** Where the replay is; what lies ahead is veiled once it has begun. */
function Playhead({ atMs, durationMs }: { atMs: number; durationMs: number }) {
  const share = durationMs === 0 ? 0 : atMs / durationMs;
  // Moved by a transform: a changed offset would be laid out anew at every frame.
  return (
    <div className={`${classes.overlay} needs-script`}>
      <div data-begun={atMs > 0 || undefined} style={{ transform: `translateX(${share * 100}%)` }} />
    </div>
  );
}

interface ScrubberProps {
  playback: Playback;
  durationMs: number;
  moment: DrillMoment | null;
}

function Scrubber({ playback, durationMs, moment }: ScrubberProps) {
  const { atMs, seek, toggle, playing } = playback;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === " ") toggle();
    else if (event.key === "PageUp") seek(atMs + pageMs);
    else if (event.key === "PageDown") seek(atMs - pageMs);
    else return;
    event.preventDefault();
  };
  return (
    <Slider
      className={`${classes.scrubber} needs-script`}
      size="sm"
      thumbSize={18}
      label={null}
      min={0}
      max={durationMs}
      step={arrowMs}
      value={Math.round(atMs)}
      onChange={seek}
      thumbLabel="Moment of the drill"
      thumbValueText={valueText(atMs, playing, moment)}
      thumbProps={{ onKeyDown }}
    />
  );
}

/** While it plays, a screen reader hears whole seconds: tenths would never end. */
function valueText(atMs: number, playing: boolean, moment: DrillMoment | null): string {
  const time = playing ? `${Math.floor(atMs / 1000)} s` : momentWords(atMs);
  if (moment === null) return time;
  const { desired, ready, endpoints, failed } = moment;
  return `${time}: ${ready} of ${desired} ready, ${endpoints} addresses, ${failed} failed so far`;
}

/** The mouse may point into the chart itself. Fingers scroll there, and keys have the scrubber. */
function pointing(seek: (atMs: number) => void, durationMs: number) {
  const go = (event: PointerEvent<HTMLElement>) => {
    if (event.pointerType !== "mouse" || event.buttons !== 1) return;
    const { left, width } = event.currentTarget.getBoundingClientRect();
    if (width > 0) seek(((event.clientX - left) / width) * durationMs);
  };
  return {
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      if (event.pointerType === "mouse") event.currentTarget.setPointerCapture(event.pointerId);
      go(event);
    },
    onPointerMove: go,
  };
}
