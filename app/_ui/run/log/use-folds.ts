"use client";

import { useCallback, useState } from "react";

export interface Folds {
  isOpen(id: string): boolean;
  toggle(id: string): void;
  /** All of these, such as for a search or a link. */
  set(ids: readonly string[], open: boolean): void;
}

/** What the reader opened or closed, by id; the rest is as `byItself` says. */
export function useFolds(byItself: (id: string) => boolean): Folds {
  const [chosen, setChosen] = useState<ReadonlyMap<string, boolean>>(new Map());
  const set = useCallback((ids: readonly string[], open: boolean) => {
    setChosen((before) => {
      if (ids.every((id) => before.get(id) === open)) return before;
      return new Map([...before, ...ids.map((id) => [id, open] as const)]);
    });
  }, []);
  const isOpen = (id: string) => chosen.get(id) ?? byItself(id);
  return { isOpen, set, toggle: (id) => set([id], !isOpen(id)) };
}
