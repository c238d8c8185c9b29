"use client";

import { useEffect, useRef } from "react";

/** Tells the page's address, at first and whenever what stands behind its # changes. */
export function useEachAddress(told: (address: string) => void): void {
  const latest = useRef(told);
  latest.current = told;
  useEffect(() => {
    // The event's address, not the present one: see KeptHash.
    const follow = (event: HashChangeEvent) => latest.current(event.newURL);
    latest.current(window.location.href);
    window.addEventListener("hashchange", follow);
    return () => window.removeEventListener("hashchange", follow);
  }, []);
}
