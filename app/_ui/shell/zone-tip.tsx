import { type ReactNode, useEffect, useState } from "react";
import { linesOfZones } from "../time/zone-lines.ts";
import classes from "./zone-tips.module.css";

interface Tip {
  of: HTMLElement;
  lines: string[];
}

/**
 * An instant in the other zones, while the reader points at one of the page's times (time/zoned-time.tsx) or has it in
 * focus; first: the one that is asked about now. Escape takes it away, and it stays while it is pointed at itself.
 */
export default function ZoneTip({ first }: { first: HTMLElement }): ReactNode {
  const [tip, setTip] = useState<Tip | null>(null);
  useEffect(() => {
    let wanted: HTMLElement | null = null;
    const show = ({ target }: Pick<Event, "target">) => {
      if (!(target instanceof Element) || target.closest(`#${tipId}`)) return;
      const time = target.closest<HTMLElement>("time[data-zones]");
      if (time === wanted) return;
      wanted = time;
      if (time === null) return setTip(null);
      const zones = (time.dataset.zones ?? "").split(" ");
      setTip({ of: time, lines: linesOfZones(new Date(time.getAttribute("datetime") ?? ""), zones) });
    };
    const hide = () => {
      wanted = null;
      setTip(null);
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "Escape") hide();
    };
    if (first.matches(":hover, :focus")) show({ target: first });
    document.addEventListener("pointerover", show);
    document.addEventListener("focusin", show);
    document.addEventListener("focusout", hide);
    document.addEventListener("keydown", onKey);
    document.addEventListener("scroll", hide, { capture: true, passive: true });
    return () => {
      document.removeEventListener("pointerover", show);
      document.removeEventListener("focusin", show);
      document.removeEventListener("focusout", hide);
      document.removeEventListener("keydown", onKey);
      document.removeEventListener("scroll", hide, { capture: true });
    };
  }, [first]);
  if (tip === null) return null;
  return (
    <div
      id={tipId}
      role="tooltip"
      className={classes.tip}
      ref={(box) => {
        if (box !== null) place(box, tip.of);
        tip.of.setAttribute("aria-describedby", tipId);
        return () => tip.of.removeAttribute("aria-describedby");
      }}
    >
      {tip.lines.map((line) => (
        <div key={line}>{line}</div>
      ))}
    </div>
  );
}

const tipId = "zone-tip";

/** Pixels between the tip and what it is of, and the window's edges. */
const gap = 5;

/** Above the time where there is room, else under it; never past the window's edges. */
function place(box: HTMLElement, of: HTMLElement): void {
  const at = of.getBoundingClientRect();
  const { width, height } = box.getBoundingClientRect();
  const left = Math.min(
    at.left + at.width / 2 - width / 2,
    document.documentElement.clientWidth - width - gap,
  );
  const above = at.top - height - gap;
  box.style.left = `${Math.max(gap, left)}px`;
  box.style.top = `${above >= gap ? above : at.bottom + gap}px`;
}
