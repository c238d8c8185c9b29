"use client";

import { IconArrowLeft } from "@tabler/icons-react";
import { useCallback, useEffect, useState } from "react";
import type { CheckView } from "#app/_server/queries/run/run-view.ts";
import { useEachAddress } from "../page/use-each-address.ts";
import { Button } from "../plain/button.tsx";
import { showLogOf } from "./log/log-sections.ts";
import classes from "./run-page.module.css";
import { type PartName, partOf } from "./run-parts.tsx";

const backId = "back-to-check";

/** Which part a phone shows, and from which check the reader went to its log. */
export function useRunPart() {
  const [part, setPart] = useState<PartName>("checks");
  const [from, setFrom] = useState<{ check: string } | null>(null);
  const show = useCallback((name: PartName) => {
    setPart(name);
    setFrom(null);
  }, []);
  useEachAddress((address) => {
    const named = partOf(new URL(address).hash);
    // Within the log the way back stays.
    if (named === "log") setPart(named);
    else if (named !== null) show(named);
  });
  const showLog = useCallback((id: string) => {
    setPart("log");
    setFrom({ check: id });
  }, []);
  useEffect(() => {
    if (from === null) return;
    showLogOf(from.check);
    // On a phone the button that was pressed is out of sight now; elsewhere this one is, and takes no focus.
    document.getElementById(backId)?.focus({ preventScroll: true });
  }, [from]);
  return { part, setPart: show, show, from: from?.check ?? null, showLog };
}

/** On a phone the way back from the log to the check whose lines it shows. */
export function BackToCheck({ check, onBack }: { check: CheckView | null; onBack(check: string): void }) {
  if (check === null) return null;
  return (
    <div className={classes.back}>
      <Button
        id={backId}
        size="compact-sm"
        variant="default"
        leftSection={<IconArrowLeft size={14} aria-hidden />}
        onClick={() => onBack(check.id)}
      >
        Back to the check “{check.title}”
      </Button>
    </div>
  );
}
