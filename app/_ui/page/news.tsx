"use client";

import { type ReactNode, useEffect, useRef } from "react";

interface NewsProps {
  /** For links to it. */
  id?: string;
  className?: string;
  /** The parameter of the address that brought it, which it takes away: a page loaded again has no news. */
  parameter?: string;
  children: ReactNode;
}

/**
 * What the reader's act has just come to. It gets the focus, which was on a button that is no more; give it a key of
 * its own for each act.
 */
export function News({ id, className, parameter, children }: NewsProps) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), []);
  useEffect(() => {
    if (parameter === undefined) return;
    const address = new URL(window.location.href);
    address.searchParams.delete(parameter);
    window.history.replaceState(null, "", address);
  }, [parameter]);
  return (
    <div ref={box} id={id} tabIndex={-1} className={className}>
      {children}
    </div>
  );
}
