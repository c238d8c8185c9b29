"use client";

import { useCallback, useState } from "react";
import { useEachAddress } from "../../page/use-each-address.ts";

/** The check that a link leads to; a new object for each press, so that the same link leads there twice. */
export interface WantedCheck {
  check: string;
}

const prefix = "check-";

/** The id of a check's row, and what a link to it names. Ids of checks are slugs. */
export const checkAnchor = (check: string) => `${prefix}${check}`;

/** Which check the address names, at first and whenever it changes, and the way to ask for one. */
export function useWantedCheck(onWanted: () => void): [WantedCheck | null, (check: string) => void] {
  const [wanted, setWanted] = useState<WantedCheck | null>(null);
  const want = useCallback(
    (check: string) => {
      setWanted({ check });
      onWanted();
    },
    [onWanted],
  );
  useEachAddress((address) => {
    const { hash } = new URL(address);
    if (hash.startsWith(`#${prefix}`)) want(hash.slice(prefix.length + 1));
  });
  return [wanted, want];
}

/** Brings a check's row into view, and gives it the focus where it can be opened. */
export function bringCheckUp(check: string): void {
  // Once the part of the page that it is in is shown.
  requestAnimationFrame(() => {
    const row = document.getElementById(checkAnchor(check));
    row?.scrollIntoView({ block: "nearest" });
    row?.querySelector("summary")?.focus({ preventScroll: true });
  });
}
