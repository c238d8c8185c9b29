import { IconCircleCheckFilled, IconCircleHalf2, IconCircleX } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { scoreOf } from "../format.ts";
import { howItWent } from "./how-it-went.ts";
import classes from "./score.module.css";

const looks = {
  all: { icon: IconCircleCheckFilled, words: "All points" },
  some: { icon: IconCircleHalf2, words: "Some of the points" },
  none: { icon: IconCircleX, words: "No points" },
};

interface ScoreProps {
  score: number | null;
  maxScore: number | null;
  size?: "lg";
  /** In place of the two figures, such as with their unit. */
  children?: ReactNode;
}

/** A score wherever one stands: its figures, and by an icon and a colour how it went. */
export function Score({ score, maxScore, size, children }: ScoreProps) {
  const how = howItWent(score, maxScore);
  const text = children ?? scoreOf({ score, maxScore });
  if (how === null) {
    return (
      <span className={classes.score} data-size={size}>
        <span>{text}</span>
      </span>
    );
  }
  const { icon: Icon, words } = looks[how];
  return (
    <span className={classes.score} data-how={how} data-size={size}>
      <Icon size={size === "lg" ? 20 : 16} aria-hidden />
      <span className="sr">{words}: </span>
      <span>{text}</span>
    </span>
  );
}
