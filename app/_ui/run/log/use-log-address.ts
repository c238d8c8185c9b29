"use client";

import { useEffect, useState } from "react";
import { useEachAddress } from "../../page/use-each-address.ts";

/** What an address says of the log. A new object each time that it was gone to, the same address again included. */
export type LogAddress = { line: number } | { section: string };

/** The line (#L120) or the part (#log-check-build) that the address names; null for none. */
export function useLogAddress(): LogAddress | null {
  const [address, setAddress] = useState<LogAddress | null>(null);
  useEachAddress((url) => setAddress(parseLogAddress(url)));
  useEffect(() => {
    // A link to where the address is already changes nothing that the browser tells of.
    const again = (event: MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest("a") : null;
      if (link !== null && link.href === window.location.href) setAddress(parseLogAddress(link.href));
    };
    document.addEventListener("click", again);
    return () => document.removeEventListener("click", again);
  }, []);
  return address;
}

/** Whatever somebody typed behind the #. */
export function parseLogAddress(url: string): LogAddress | null {
  const hash = url.split("#")[1] ?? "";
  const line = /^L(\d{1,9})$/.exec(hash);
  if (line) return { line: Number(line[1]) };
  if (!hash.startsWith("log-")) return null;
  try {
    return { section: decodeURIComponent(hash) };
  } catch {
    // Half an escape names nothing.
    return null;
  }
}
