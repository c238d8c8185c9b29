"use client";

import { useEffect } from "react";

/**
 * Tells the router of a fragment that the browser went to by itself, by a plain link or a typed address: the router
 * writes the address it knows at each of its refreshes, and would drop a fragment it has never heard of.
 */
export function KeptHash() {
  useEffect(() => {
    // The event's address, not the present one: a refresh may have dropped the fragment before the event came.
    const keep = (event: HashChangeEvent) => window.history.replaceState(null, "", event.newURL);
    window.addEventListener("hashchange", keep);
    return () => window.removeEventListener("hashchange", keep);
  }, []);
  return null;
}
