import {
  IconAlertTriangle,
  IconCircle,
  IconCircleCheckFilled,
  IconCircleHalf2,
  IconCircleXFilled,
  IconProgress,
} from "@tabler/icons-react";
import { formatSeconds } from "../format.ts";
import type { RoadStep } from "./road-steps.ts";
import classes from "./run-road.module.css";

const looks = {
  ahead: { icon: IconCircle, word: "not yet" },
  now: { icon: IconProgress, word: "now" },
  done: { icon: IconCircleCheckFilled, word: "finished" },
  stopped: { icon: IconAlertTriangle, word: "stopped here" },
};

const wentIcons = { all: IconCircleCheckFilled, some: IconCircleHalf2, none: IconCircleXFilled };

/** Queued, booting, grading, done, with the seconds of each; for Kubernetes exercises its start as well. */
export function RunRoad({ steps }: { steps: RoadStep[] }) {
  return (
    <ol className={classes.road} data-long={steps.length > 4 || undefined} aria-label="Road of the run">
      {steps.map((step) => {
        const { icon, word } = looks[step.progress];
        const Icon = step.went === null ? icon : wentIcons[step.went];
        return (
          <li
            key={step.name}
            className={classes.step}
            data-progress={step.progress}
            data-went={step.went ?? undefined}
            aria-current={step.progress === "now" ? "step" : undefined}
          >
            <Icon size={16} aria-hidden />
            {step.name}
            <span className="sr">, {word}</span>
            <span className={classes.seconds}>
              {step.seconds === null
                ? ""
                : `${formatSeconds(step.progress === "now" ? Math.floor(step.seconds) : step.seconds)}${step.name === "Done" ? " in all" : ""}`}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
