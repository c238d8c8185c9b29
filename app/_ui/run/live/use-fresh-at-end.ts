"use client";

import { useRouter } from "next/navigation";
import { useEffect, useRef } from "react";
import type { RunView } from "#app/_server/queries/run/run-view.ts";
import { machineGone } from "../machine-gone.ts";

/**
 * Has the server render its parts of the page again when the live run ends, when its machine has, and when another run
 * of the submission begins, ends or takes its place: what only staff see, such as a check's own output and the settled
 * cost, is in no stream. A page on which nothing of this happens asks nothing, nor does one that the server has just
 * rendered as it is now, as the answer to an act: asked again it would no longer say what that act came to.
 *
 * rendered: the run as the server's parts of the page show it.
 */
export function useFreshAtEnd(view: RunView, rendered: RunView): void {
  const router = useRouter();
  const stage = stageOf(view);
  const known = stageOf(rendered);
  const asked = useRef(known);
  useEffect(() => {
    if (stage === known) asked.current = known;
    if (asked.current === stage) return;
    asked.current = stage;
    if (stage !== "going on") router.refresh();
  }, [router, stage, known]);
}

function stageOf(view: RunView): string {
  const { run, standing } = view;
  if (!run.final) return "going on";
  return `${machineGone(view) ? "machine gone" : "ended"}, counts: ${run.counts}, again: ${standing.underWay?.id}`;
}
