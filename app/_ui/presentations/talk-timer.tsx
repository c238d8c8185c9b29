"use client";

import { useEffect, useState } from "react";
import { EmptyState, Panel } from "../page/panel.tsx";
import { Button } from "../plain/button.tsx";
import classes from "./talk-timer.module.css";

interface Props {
  minutes: number;
  /** In their order; none: the timer runs without names. */
  talks: { id: string; title: string; who: string }[];
}

/** Before the end it changes its colour, for who speaks. */
const warnMs = 2 * 60_000;

type Clock = { kind: "stopped"; leftMs: number } | { kind: "running"; endsAtMs: number };

/** Counts a talk down in large figures, and on past its end. It runs in this browser alone, also without a network. */
export function TalkTimer({ minutes, talks }: Props) {
  const whole = minutes * 60_000;
  const [index, setIndex] = useState(0);
  const [clock, setClock] = useState<Clock>({ kind: "stopped", leftMs: whole });
  const [now, setNow] = useState(0);
  const isRunning = clock.kind === "running";
  useEffect(() => {
    if (!isRunning) return;
    const timer = setInterval(() => setNow(Date.now()), 200);
    return () => clearInterval(timer);
  }, [isRunning]);
  const leftMs =
    clock.kind === "running" ? clock.endsAtMs - Math.max(now, clock.endsAtMs - whole * 10) : clock.leftMs;
  const talk = talks[index];
  const goTo = (next: number) => {
    setIndex(next);
    setClock({ kind: "stopped", leftMs: whole });
  };
  const press = () => {
    const at = Date.now();
    setNow(at);
    setClock(isRunning ? { kind: "stopped", leftMs } : { kind: "running", endsAtMs: at + leftMs });
  };
  return (
    <Panel title={talk?.title ?? "A talk"}>
      {talk ? <p>{talk.who}</p> : null}
      <div
        className={classes.figures}
        role="timer"
        data-state={leftMs <= 0 ? "over" : leftMs <= warnMs ? "soon" : "fine"}
      >
        {figures(leftMs)}
      </div>
      <p className={classes.word} aria-live="polite">
        {leftMs <= 0 ? "The time is over" : leftMs <= warnMs ? "Less than two minutes left" : ""}
      </p>
      <div className={classes.buttons}>
        <Button onClick={press}>{isRunning ? "Pause" : leftMs === whole ? "Start" : "Go on"}</Button>
        <Button variant="default" onClick={() => setClock({ kind: "stopped", leftMs: whole })}>
          From the beginning
        </Button>
        {talks.length > 1 ? (
          <>
            <Button variant="default" disabled={index === 0} onClick={() => goTo(index - 1)}>
              Talk before
            </Button>
            <Button variant="default" disabled={index >= talks.length - 1} onClick={() => goTo(index + 1)}>
              Next talk
            </Button>
          </>
        ) : null}
      </div>
      <noscript>
        <EmptyState title="No timer here.">
          It counts with JavaScript, which this browser has switched off.
        </EmptyState>
      </noscript>
    </Panel>
  );
}

/** 12:05, and past the end −0:30. */
function figures(leftMs: number): string {
  const seconds = Math.abs(leftMs >= 0 ? Math.ceil(leftMs / 1000) : Math.floor(leftMs / 1000));
  return `${leftMs < 0 && seconds > 0 ? "−" : ""}${Math.floor(seconds / 60)}:${`${seconds % 60}`.padStart(2, "0")}`;
}
