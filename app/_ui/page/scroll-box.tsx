import type { ReactNode } from "react";
import classes from "./scroll-box.module.css";

/** Scrolls what is wider than the page sideways, by keyboard too, so that the page itself never does. */
export function ScrollBox({ label, children }: { label: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={classes.box} tabIndex={0} aria-label={label}>
      {children}
    </section>
  );
}
