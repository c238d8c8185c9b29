"use client";

import { useCallback, useLayoutEffect, useRef, useState } from "react";
import type { CheckView } from "#app/_server/queries/run/run-view.ts";
import { CheckItem, type CheckTools } from "./check-item.tsx";
import classes from "./check-list.module.css";
import { bringCheckUp, checkAnchor, type WantedCheck } from "./wanted-check.ts";

interface CheckListProps extends CheckTools {
  checks: CheckView[];
  /** The one that the reader asked to see, by a link to it. */
  wanted: WantedCheck | null;
}

/** Every check in order, filling in as they finish; a failed one says what was expected, what happened, how to fix it. */
export function CheckList({ checks, wanted, ...tools }: CheckListProps) {
  // Opened for the reader: the first failure. Those after it often follow from it, and a run that could not be graded
  // says why once, above.
  const first = checks.find((check) => check.verdict === "failed" && check.message !== null)?.id;
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set(first === undefined ? [] : [first]));
  const setOpen = useCallback((id: string, open: boolean) => {
    setOpened((before) => {
      if (before.has(id) === open) return before;
      return new Set(open ? [...before, id] : [...before].filter((one) => one !== id));
    });
  }, []);
  useOpenFirst(first, setOpen);
  useLayoutEffect(() => {
    if (wanted === null) return;
    setOpen(wanted.check, true);
    bringCheckUp(wanted.check);
  }, [wanted, setOpen]);
  return (
    <ol className={classes.list}>
      {checks.map((check) => (
        <li key={check.id} id={checkAnchor(check.id)}>
          <CheckItem check={check} open={opened.has(check.id)} onOpen={setOpen} {...tools} />
        </li>
      ))}
    </ol>
  );
}

/**
 * Opens the first failure once, as soon as it says why, where that moves nothing under the reader: before they did
 * anything, or where it is out of their sight.
 */
function useOpenFirst(first: string | undefined, setOpen: (id: string, open: boolean) => void): void {
  const done = useRef(first !== undefined);
  const touched = useTouched();
  useLayoutEffect(() => {
    if (done.current || first === undefined) return;
    done.current = true;
    const row = document.getElementById(checkAnchor(first));
    const ahead =
      row === null || !row.checkVisibility() || row.getBoundingClientRect().top >= window.innerHeight;
    if (!touched.current || ahead) setOpen(first, true);
  }, [first, touched, setOpen]);
}

const touches = ["pointerdown", "keydown", "wheel", "touchmove", "scroll"] as const;

/** Whether the reader has done anything with the page yet. What scrolls by itself inside of it is not told here. */
function useTouched() {
  const touched = useRef(false);
  useLayoutEffect(() => {
    const touch = ({ type }: Event) => {
      // The router brings a page that was come to up to its top, which its reader has not done.
      if (type === "scroll" && window.scrollY === 0) return;
      touched.current = true;
    };
    for (const type of touches) window.addEventListener(type, touch, { passive: true });
    return () => {
      for (const type of touches) window.removeEventListener(type, touch);
    };
  }, []);
  return touched;
}
