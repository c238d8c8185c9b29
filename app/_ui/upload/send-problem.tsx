"use client";

import { type ReactNode, useEffect, useRef } from "react";
import { exercisePathOf } from "#app/_ui/addresses.ts";
import { Notice } from "../page/notice.tsx";
import { RefusalNotice } from "./refusal-notice.tsx";
import type { SendOutcome } from "./send-work.ts";

export type Problem = Exclude<SendOutcome, { outcome: "accepted" | "stopped" }>;

interface SendProblemProps {
  problem: Problem;
  /** course/assignment/exercise, to come back to. */
  exercise: string;
  /** Whether the browser kept the files, so that signing in on this page loses nothing either. */
  kept: boolean;
}

/** Why the work was not handed in, and what one press does about it. */
export function SendProblem({ problem, exercise, kept }: SendProblemProps) {
  if (problem.outcome === "signed-out") {
    return (
      <Notice tone="warn" announce>
        <p>
          <b>Not handed in yet: you are signed out.</b> Nothing was sent.{" "}
          <a
            href={`/sign-in?next=${encodeURIComponent(exercisePathOf(exercise))}`}
            target="_blank"
            rel="noopener"
          >
            Sign in (in a new tab)
          </a>
          , then come back here and press Submit.
        </p>
        <p>
          {kept
            ? "Your files stay here, and you find them again if you sign in on this page instead."
            : "Your files stay here as long as this page is open."}
        </p>
      </Notice>
    );
  }
  if (problem.outcome === "other-person") {
    return (
      <Notice tone="warn" announce>
        <b>Not handed in.</b> {problem.message}
      </Notice>
    );
  }
  return <RefusalNotice message={problem.message} refused={problem.outcome === "refused"} />;
}

/** Brings what has just changed into sight and gives it the focus; give it a key of its own for each time. */
export function Told({ children }: { children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    box.current?.focus({ preventScroll: true });
    box.current?.scrollIntoView({ block: "center" });
  }, []);
  return (
    <div ref={box} tabIndex={-1}>
      {children}
    </div>
  );
}
