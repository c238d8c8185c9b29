"use client";

import { Button, Progress } from "@mantine/core";
import { useMounted } from "@mantine/hooks";
import { useRouter } from "next/navigation";
import { useRef, useState } from "react";
import type { SubmissionLimits } from "#grading/exercises/spec/spec.ts";
import { formatBytes, plural } from "../format.ts";
import { Notice } from "../page/notice.tsx";
import { DropArea } from "./drop-area.tsx";
import { type DroppedWork, foreseeRefusal, lookAtWork } from "./dropped-work.ts";
import { PlainUploadForm } from "./plain-upload-form.tsx";
import { RefusalNotice } from "./refusal-notice.tsx";
import { RequiredList } from "./required-list.tsx";
import { sendWork } from "./send-work.ts";
import classes from "./upload-panel.module.css";

interface UploadPanelProps {
  /** course/assignment/exercise */
  exercise: string;
  requiredFiles: string[];
  limits: SubmissionLimits;
  /** Why none is taken right now, as the page knew; null: one is. */
  tooFast: string | null;
  /** For the plain form: made by the server a page. */
  formKey: string;
}

interface Problem {
  /** Empty when the server said nothing about the work. */
  code: string;
  message: string;
  refused: boolean;
}

type Phase = { name: "choosing" } | { name: "sending"; share: number } | { name: "sent" };

/** From files to a run: look at them, say what is missing, send them with progress, go to the run. */
export function UploadPanel({ exercise, requiredFiles, limits, tooFast, formKey }: UploadPanelProps) {
  const scripted = useMounted();
  const router = useRouter();
  const stop = useRef<(() => void) | null>(null);
  const [work, setWork] = useState<DroppedWork | null>(null);
  const [phase, setPhase] = useState<Phase>({ name: "choosing" });
  const [problem, setProblem] = useState<Problem | null>(null);
  const foreseen = work && foreseeRefusal(work, requiredFiles, limits);
  const busy = phase.name !== "choosing";

  const look = async (files: File[]) => {
    setProblem(null);
    setWork(await lookAtWork(files, requiredFiles));
  };
  const send = async (chosen: DroppedWork) => {
    setProblem(null);
    setPhase({ name: "sending", share: 0 });
    const sending = sendWork(exercise, chosen, (share) => setPhase({ name: "sending", share }));
    stop.current = sending.stop;
    const outcome = await sending.done;
    stop.current = null;
    if (outcome.outcome === "accepted") {
      setPhase({ name: "sent" });
      router.push(`/runs/${outcome.runId}`);
      return;
    }
    setPhase({ name: "choosing" });
    if (outcome.outcome === "stopped") return;
    const code = outcome.outcome === "refused" ? outcome.code : "";
    setProblem({ code, message: outcome.message, refused: outcome.outcome === "refused" });
    // The list of refused uploads grows; what the address says of an earlier one is over.
    if (outcome.outcome === "refused") router.replace(`/courses/${exercise}`, { scroll: false });
  };

  return (
    <div className={classes.stack}>
      <div>
        <p className={classes.sub}>Required files</p>
        <RequiredList required={requiredFiles} listing={work?.listing ?? null} />
      </div>
      {scripted ? (
        <DropArea onFiles={(files) => void look(files)} disabled={busy} />
      ) : (
        <PlainUploadForm exercise={exercise} formKey={formKey} />
      )}
      {work ? <Chosen work={work} foreseen={foreseen ?? null} /> : null}
      {problem && !(tooFast && problem.code === "too-many-submissions") ? (
        <RefusalNotice message={problem.message} refused={problem.refused} />
      ) : null}
      {tooFast && (!problem || problem.code === "too-many-submissions") ? (
        <Notice tone="warn" announce={problem !== null}>
          {tooFast}
        </Notice>
      ) : null}
      {work && !busy ? (
        <div className={classes.row}>
          <Button
            onClick={() => void send(work)}
            variant={foreseen ? "default" : "filled"}
            disabled={work.files.length === 0}
          >
            {foreseen ? "Submit anyway" : "Submit"}
          </Button>
          <Button variant="subtle" color="gray" onClick={() => setWork(null)}>
            Clear
          </Button>
        </div>
      ) : null}
      {phase.name !== "choosing" ? <SendProgress phase={phase} onStop={() => stop.current?.()} /> : null}
    </div>
  );
}

function Chosen({ work, foreseen }: { work: DroppedWork; foreseen: string | null }) {
  const { listing } = work;
  return (
    <>
      {foreseen ? (
        <Notice tone="warn" announce>
          {foreseen}
        </Notice>
      ) : null}
      <div>
        <p className={classes.sub} role="status">
          {work.kind === "archive" ? work.files[0]?.path : "Loose files"}
          {listing ? `: ${plural(listing.length, "file")}` : ""}, {formatBytes(work.packedBytes)} to send
        </p>
        {work.strippedFolder ? (
          <p className={classes.hint}>The folder {work.strippedFolder}/ around everything is left out.</p>
        ) : null}
        {listing ? (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a long list is scrolled by keyboard too
          <ul className={classes.files} aria-label="Files to hand in" tabIndex={0}>
            {listing.slice(0, 200).map((file) => (
              <li key={file.path}>
                {file.path}
                <span>{formatBytes(file.bytes)}</span>
              </li>
            ))}
            {listing.length > 200 ? <li>and {listing.length - 200} more</li> : null}
          </ul>
        ) : (
          <p className={classes.hint}>
            This browser cannot look inside; the server checks it when it arrives.
          </p>
        )}
      </div>
    </>
  );
}

function SendProgress({ phase, onStop }: { phase: Exclude<Phase, { name: "choosing" }>; onStop(): void }) {
  const share = phase.name === "sent" ? 1 : phase.share;
  const word =
    phase.name === "sent"
      ? "Accepted. Opening the run…"
      : share < 1
        ? `Sending, ${Math.floor(share * 100)}%`
        : "Sent. The server is checking it…";
  return (
    <div className={classes.stack}>
      <Progress value={share * 100} aria-label="Upload" />
      <div className={classes.row}>
        <span className="num" role="status">
          {word}
        </span>
        {phase.name === "sending" ? (
          <Button size="compact-sm" variant="default" onClick={onStop}>
            Stop
          </Button>
        ) : null}
      </div>
    </div>
  );
}
