"use client";

import { useReducedMotion } from "@mantine/hooks";
import { useCallback, useEffect, useState } from "react";

/** Readers who asked for little motion see a picture this often instead of a moving line. */
const calmStepMs = 500;

export interface Playback {
  atMs: number;
  playing: boolean;
  speed: number;
  setSpeed(speed: number): void;
  /** Plays on, or again from the start when it is at the end. */
  toggle(): void;
  /** Goes to a moment; playing goes on from there. */
  seek(atMs: number): void;
}

/** A place in a recording that moves by itself while it plays, and stops at the end. */
export function usePlayback(durationMs: number): Playback {
  const [atMs, setAtMs] = useState(0);
  const [playing, setPlaying] = useState(false);
  const [speed, setSpeed] = useState(1);
  const calm = useReducedMotion();

  useEffect(() => {
    if (!playing) return;
    let shownAt: number | null = null;
    const draw = (frameAt: number) => {
      const passed = shownAt === null ? 0 : frameAt - shownAt;
      if (shownAt === null || passed >= (calm ? calmStepMs : 0)) {
        shownAt = frameAt;
        setAtMs((at) => Math.min(durationMs, at + passed * speed));
      }
      frame = requestAnimationFrame(draw);
    };
    let frame = requestAnimationFrame(draw);
    return () => cancelAnimationFrame(frame);
  }, [playing, speed, calm, durationMs]);

  const ended = atMs >= durationMs;
  useEffect(() => {
    if (ended) setPlaying(false);
  }, [ended]);

  const toggle = useCallback(() => {
    if (!playing && ended) setAtMs(0);
    setPlaying(!playing);
  }, [playing, ended]);
  const seek = useCallback(
    (to: number) => setAtMs(Math.min(durationMs, Math.max(0, Math.round(to)))),
    [durationMs],
  );
  return { atMs, playing, speed, setSpeed, toggle, seek };
}
