"use client";

import { createContext, type ReactNode, type RefObject, useContext, useEffect, useMemo, useRef } from "react";

/** How far out of sight lines are drawn already. */
const margin = "1600px 0px";

type Watch = (element: Element, told: (near: boolean) => void) => () => void;

const WatchContext = createContext<Watch | null>(null);

/** Lets the parts of what scrolls in `box` know whether they are in sight, or near it. */
export function NearBox({ box, children }: { box: RefObject<HTMLElement | null>; children: ReactNode }) {
  const watch = useMemo(() => createWatch(box), [box]);
  return <WatchContext value={watch}>{children}</WatchContext>;
}

/** One observer for all parts; made with the first, when the box is there. */
function createWatch(box: RefObject<HTMLElement | null>): Watch {
  const listeners = new Map<Element, (near: boolean) => void>();
  let observer: IntersectionObserver | null = null;
  return (element, told) => {
    observer ??= new IntersectionObserver(
      (entries) => {
        for (const entry of entries) listeners.get(entry.target)?.(entry.isIntersecting);
      },
      { root: box.current, rootMargin: margin },
    );
    listeners.set(element, told);
    observer.observe(element);
    return () => {
      listeners.delete(element);
      observer?.unobserve(element);
    };
  };
}

/** Tells whenever the element comes near the box's visible part, or leaves it. */
export function useNear(element: RefObject<Element | null>, told: (near: boolean) => void): void {
  const watch = useContext(WatchContext);
  const latest = useRef(told);
  latest.current = told;
  useEffect(() => {
    if (element.current === null || watch === null) return;
    return watch(element.current, (near) => latest.current(near));
  }, [element, watch]);
}
