"use client";

import { ActionIcon, Button, SegmentedControl } from "@mantine/core";
import {
  IconPlayerPause,
  IconPlayerPlay,
  IconPlayerTrackNext,
  IconPlayerTrackPrev,
} from "@tabler/icons-react";
import classes from "./drill-replay.module.css";
import { momentWords } from "./moment-words.ts";
import type { Playback } from "./use-playback.ts";

interface DrillControlsProps {
  playback: Playback;
  durationMs: number;
  /** To the mark before or after the moment shown. */
  onStep(by: 1 | -1): void;
}

const speeds = [1, 2, 5, 10];

/** Play and pause, from mark to mark, how fast, and where it is. */
export function DrillControls({ playback, durationMs, onStep }: DrillControlsProps) {
  const { playing, speed, setSpeed, toggle, atMs } = playback;
  return (
    // biome-ignore lint/a11y/useSemanticElements: it is no group of fields
    <div className={`${classes.controls} needs-script`} role="group" aria-label="Replay">
      <ActionIcon variant="default" size={30} aria-label="Previous mark" onClick={() => onStep(-1)}>
        <IconPlayerTrackPrev size={15} aria-hidden />
      </ActionIcon>
      <Button
        size="xs"
        w={88}
        justify="flex-start"
        variant="default"
        onClick={toggle}
        leftSection={
          playing ? <IconPlayerPause size={14} aria-hidden /> : <IconPlayerPlay size={14} aria-hidden />
        }
      >
        {playing ? "Pause" : "Play"}
      </Button>
      <ActionIcon variant="default" size={30} aria-label="Next mark" onClick={() => onStep(1)}>
        <IconPlayerTrackNext size={15} aria-hidden />
      </ActionIcon>
      <span className={`${classes.clock} num`}>{`${momentWords(atMs)} of ${momentWords(durationMs)}`}</span>
      <SegmentedControl
        size="xs"
        aria-label="Speed"
        value={String(speed)}
        onChange={(chosen) => setSpeed(Number(chosen))}
        data={speeds.map((one) => ({ value: String(one), label: `${one}×` }))}
      />
    </div>
  );
}
