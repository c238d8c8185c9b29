"use client";

import { useEffect, useRef, useState } from "react";

/** The line named by the address (#L120), or null. Follows later changes of the address. */
export function useLinkedLine(): number | null {
  const [line, setLine] = useState<number | null>(null);
  useEffect(() => {
    const read = (address: string) => {
      const match = /#L(\d{1,9})$/.exec(address);
      setLine(match ? Number(match[1]) : null);
    };
    // The event's address, not the present one: see KeptHash.
    const follow = (event: HashChangeEvent) => read(event.newURL);
    read(window.location.href);
    window.addEventListener("hashchange", follow);
    return () => window.removeEventListener("hashchange", follow);
  }, []);
  return line;
}

/** Brings the linked line into view once, as soon as it has arrived. */
export function useShowLine(line: number | null, arrived: boolean, onShow: () => void): void {
  const shown = useRef<number | null>(null);
  useEffect(() => {
    if (line === null || !arrived || shown.current === line) return;
    const element = document.getElementById(`L${line}`);
    if (!element) return;
    shown.current = line;
    onShow();
    element.scrollIntoView({ block: "center" });
  }, [line, arrived, onShow]);
}
