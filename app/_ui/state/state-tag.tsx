import {
  IconAlertTriangle,
  IconBan,
  IconCheck,
  IconCircleCheck,
  IconClock,
  IconClockExclamation,
  IconFlag,
  IconHourglass,
  IconLoader2,
  IconMinus,
  IconServer2,
  IconX,
} from "@tabler/icons-react";
import type { ComponentType } from "react";
import classes from "./state-tag.module.css";

type Tone = "ok" | "bad" | "warn" | "busy" | "still";
interface Look {
  word: string;
  tone: Tone;
  icon: ComponentType<{ size?: number; "aria-hidden"?: boolean }>;
  spin?: boolean;
}

/** Words of the road; colour says how it went, and that it is over says nothing of that: see Score. */
const runLooks = {
  queued: { word: "Queued", tone: "still", icon: IconHourglass },
  claimed: { word: "Booting", tone: "busy", icon: IconServer2 },
  provisioning: { word: "Booting", tone: "busy", icon: IconServer2 },
  running: { word: "Grading", tone: "busy", icon: IconLoader2, spin: true },
  scoring: { word: "Grading", tone: "busy", icon: IconLoader2, spin: true },
  graded: { word: "Graded", tone: "still", icon: IconFlag },
  not_gradable: { word: "Not gradable", tone: "warn", icon: IconAlertTriangle },
  cancelled: { word: "Cancelled", tone: "still", icon: IconBan },
} as const satisfies Record<string, Look>;

const otherLooks = {
  passed: { word: "Passed", tone: "ok", icon: IconCheck },
  failed: { word: "Failed", tone: "bad", icon: IconX },
  not_graded: { word: "Not graded", tone: "warn", icon: IconMinus },
  running_check: { word: "Running", tone: "busy", icon: IconLoader2, spin: true },
  waiting: { word: "Waiting", tone: "still", icon: IconClock },
  late: { word: "Late", tone: "warn", icon: IconClockExclamation },
  on_time: { word: "On time", tone: "ok", icon: IconClock },
  received: { word: "Received", tone: "ok", icon: IconCircleCheck },
  counts: { word: "Counts", tone: "ok", icon: IconCircleCheck },
  refused: { word: "Refused", tone: "bad", icon: IconBan },
  closed: { word: "Closed", tone: "still", icon: IconBan },
  open: { word: "Open", tone: "ok", icon: IconCheck },
  not_open: { word: "Not open yet", tone: "still", icon: IconClock },
} as const satisfies Record<string, Look>;

export type TagState = keyof typeof runLooks | keyof typeof otherLooks;
const looks: Record<TagState, Look> = { ...runLooks, ...otherLooks };

/** The word for a run's state, a verdict or a deadline. */
export function stateWord(state: TagState): string {
  return looks[state].word;
}

/** A state as icon and word, never as colour alone. */
export function StateTag(props: { state: TagState; size?: "sm" | "lg"; bare?: boolean; word?: string }) {
  const look = looks[props.state];
  const Icon = look.icon;
  return (
    <span
      className={classes.tag}
      data-tone={look.tone}
      data-size={props.size}
      data-bare={props.bare || undefined}
      data-spin={look.spin}
    >
      <Icon size={props.size === "lg" ? 18 : 15} aria-hidden />
      {props.word ?? look.word}
    </span>
  );
}
