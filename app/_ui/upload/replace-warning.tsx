import { IconInfoCircle } from "@tabler/icons-react";
import type { ReplacedResult } from "#course/gradebook/replaced-by-next.ts";
import { formatPoints } from "../format.ts";
import classes from "./upload-panel.module.css";

/** Said beside Submit: what counts now, and that the next one takes its place. */
export function ReplaceWarning({ number, points, maxPoints, full }: ReplacedResult) {
  const has = `No. ${number} has ${formatPoints(points)} of ${formatPoints(maxPoints)}.`;
  return (
    <p className={classes.replaces}>
      <IconInfoCircle size={18} aria-hidden />
      <span>
        {full ? (
          <>
            <b>{has} That is all there is.</b> A new one replaces it, and can only score the same or less.
          </>
        ) : (
          `${has} A new one replaces it, even if it scores less.`
        )}
      </span>
    </p>
  );
}
