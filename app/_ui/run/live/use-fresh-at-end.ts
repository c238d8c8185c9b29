"use client";

import { useRouter } from "next/navigation";
import { useEffect, useRef } from "react";
import type { RunView } from "#app/_server/queries/run/run-view.ts";
import { machineGone } from "../machine-gone.ts";

/**
 * Has the server render its parts of the page again when the live run ends, when its machine has, and when another run
 * of the submission begins, ends or takes its place: what only staff see, such as a check's own output and the settled
 * cost, is in no stream. A page on which nothing of this happens asks nothing.
 */
export function useFreshAtEnd(view: RunView): void {
  const router = useRouter();
  const { run, standing } = view;
  const own = !run.final ? "going on" : machineGone(view) ? "machine gone" : "ended";
  const stage = run.final ? `${own}, counts: ${run.counts}, again: ${standing.underWay?.id}` : own;
  const rendered = useRef(stage);
  useEffect(() => {
    if (rendered.current === stage) return;
    rendered.current = stage;
    if (stage !== "going on") router.refresh();
  }, [router, stage]);
}
