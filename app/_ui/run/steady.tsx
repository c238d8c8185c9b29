"use client";

import { type ReactNode, useEffect, useRef } from "react";

/**
 * A box that stays as high as it once was, so that what is below it does not move up when something in it goes: a
 * notice, a button. Another width of the page starts it anew.
 */
export function Steady({ className, children }: { className?: string; children: ReactNode }) {
  const outer = useRef<HTMLDivElement>(null);
  const inner = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const box = inner.current;
    if (box === null) return;
    const seen = { width: 0, height: 0 };
    const observer = new ResizeObserver(() => {
      const { offsetWidth: width, offsetHeight: height } = box;
      seen.height = width === seen.width ? Math.max(seen.height, height) : height;
      seen.width = width;
      outer.current?.style.setProperty("min-height", `${seen.height}px`);
    });
    observer.observe(box);
    return () => observer.disconnect();
  }, []);
  return (
    <div ref={outer}>
      <div ref={inner} className={className}>
        {children}
      </div>
    </div>
  );
}
