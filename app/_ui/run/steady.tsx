"use client";

import { type ReactNode, useEffect, useRef } from "react";

interface SteadyProps {
  className?: string;
  /** It keeps its width as well: what stands beside it must not get more room either. */
  wide?: boolean;
  children: ReactNode;
}

/**
 * A box that stays as large as it once was, so that nothing around it moves when something in it goes: a notice, a
 * button. Another width of the window starts it anew.
 */
export function Steady({ className, wide = false, children }: SteadyProps) {
  const outer = useRef<HTMLDivElement>(null);
  const inner = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const box = inner.current;
    if (box === null) return;
    let seen = { window: window.innerWidth, width: 0, height: 0 };
    const observer = new ResizeObserver(() => {
      if (seen.window !== window.innerWidth) seen = { window: window.innerWidth, width: 0, height: 0 };
      seen.width = Math.max(seen.width, box.offsetWidth);
      seen.height = Math.max(seen.height, box.offsetHeight);
      outer.current?.style.setProperty("min-height", `${seen.height}px`);
      // Not of its parent's width, which may be made by this one.
      if (wide) outer.current?.style.setProperty("min-width", `min(${seen.width}px, 100vw - 2rem)`);
    });
    observer.observe(box);
    return () => observer.disconnect();
  }, [wide]);
  return (
    <div ref={outer}>
      <div ref={inner} className={className}>
        {children}
      </div>
    </div>
  );
}
