"use client";

import { useMounted } from "@mantine/hooks";
import { useRouter } from "next/navigation";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { exercisePathOf } from "#app/_ui/addresses.ts";
import type { ReplacedResult } from "#course/gradebook/replaced-by-next.ts";
import type { SubmissionLimits } from "#grading/exercises/spec/spec.ts";
import { isAboutTheWork } from "#grading/submissions/refusals/is-about-the-work.ts";
import { Notice } from "../page/notice.tsx";
import { Button } from "../plain/button.tsx";
import type { Zones } from "../time/zoned-time.tsx";
import { ChosenLine } from "./chosen-line.tsx";
import { DropArea, type DropAreaHandle } from "./drop-area.tsx";
import { type ChosenFile, type DroppedWork, foreseeRefusal } from "./dropped-work.ts";
import { ArrivedNotice, KeptNotice } from "./kept-notice.tsx";
import { ReplaceWarning } from "./replace-warning.tsx";
import { RequiredList } from "./required-list.tsx";
import { type Problem, SendProblem, Told } from "./send-problem.tsx";
import { type Phase, SendProgress } from "./send-progress.tsx";
import { sendWork, uploadPath } from "./send-work.ts";
import classes from "./upload-panel.module.css";
import { useChosenWork, useOnMount } from "./use-chosen-work.ts";
import { useDrop } from "./use-drop.ts";

interface UploadPanelProps {
  /** course/assignment/exercise */
  exercise: string;
  /** The id of whom the page was opened for. */
  person: string;
  requiredFiles: string[];
  /** What is asked for where no file of a name is, in a sentence; null: requiredFiles say it. */
  asked: string | null;
  limits: SubmissionLimits;
  /** Why none is taken right now, as the page knew; null: one is. */
  tooFast: string | null;
  /** The result in whose place a new submission comes. */
  replaces: ReplacedResult | null;
  /** Of an upload from the plain form: made by the server a page. */
  formKey: string;
  zones: Zones;
}

/** From files to a run: look at them, say what is missing, send them with progress, go to the run. */
export function UploadPanel(props: UploadPanelProps) {
  const { exercise, person, requiredFiles, asked, limits, tooFast, replaces, formKey, zones } = props;
  const owner = { person, exercise };
  const scripted = useMounted();
  const router = useRouter();
  const area = useRef<DropAreaHandle>(null);
  const line = useRef<HTMLDivElement>(null);
  const stop = useRef<(() => void) | null>(null);
  const { chosen, arrived, ...files } = useChosenWork(owner, requiredFiles, limits);
  const [changing, setChanging] = useState(false);
  const [phase, setPhase] = useState<Phase>({ name: "choosing" });
  const [problem, setProblem] = useState<(Problem & { time: number }) | null>(null);
  const focusOn = useFocus({ line, area });
  const work = chosen?.work ?? null;
  const foreseen = work && foreseeRefusal(work, requiredFiles, limits);
  const busy = phase.name !== "choosing";
  const mayPress = work !== null && !busy && !foreseen?.sure;
  const judged = problem?.outcome === "refused" && isAboutTheWork(problem.code);

  const tell = (told: Problem) => setProblem({ ...told, time: (problem?.time ?? 0) + 1 });
  const choose = async (
    taken: ChosenFile[],
    { key, quietly = false }: { key?: string; quietly?: boolean } = {},
  ) => {
    setProblem(null);
    setChanging(false);
    const message = await files.choose(taken, key);
    if (message === null) {
      if (!quietly) focusOn("line");
    } else tell({ outcome: "changed", message });
  };
  const remove = () => {
    setProblem(null);
    setChanging(false);
    files.remove();
    focusOn("area");
  };
  const send = async (sent: DroppedWork, chosenAt: number) => {
    setProblem(null);
    setChanging(false);
    setPhase({ name: "sending", share: 0 });
    const sending = sendWork(owner, sent, (share) => setPhase({ name: "sending", share }));
    stop.current = sending.stop;
    const outcome = await sending.done;
    stop.current = null;
    if (outcome.outcome === "accepted") {
      setPhase({ name: "sent" });
      // Nobody waits for the browser's store; should it fail, the server says of this key that it arrived.
      void files.forget();
      router.push(outcome.page);
      return;
    }
    setPhase({ name: "choosing" });
    if (outcome.outcome === "stopped") return focusOn("line");
    tell(outcome);
    // Signing out in another tab has made the browser forget them.
    if (outcome.outcome === "signed-out") await files.keep({ work: sent, chosenAt });
    if (outcome.outcome !== "refused") return;
    if (isAboutTheWork(outcome.code)) await files.forget();
    // The list of refused uploads grows; what the address says of an earlier one is over.
    router.replace(exercisePathOf(exercise), { scroll: false });
  };
  const submit = (event: FormEvent) => {
    // Nothing is chosen but in the plain inputs, which the browser then sends by itself.
    if (!chosen) return;
    event.preventDefault();
    if (!busy && !foreseen?.sure) void send(chosen.work, chosen.chosenAt);
  };
  const drop = useDrop((taken) => void choose(taken), busy);

  useOnMount(() => {
    // Whoever has gone on to read something else is left there.
    const wasAtForm = area.current?.hasFocus() ?? false;
    const taken = area.current?.take() ?? [];
    if (taken.length === 0) return files.offerKept();
    // Under the form's own key: it may have been sent by the browser already.
    void choose(taken, { key: formKey, quietly: !wasAtForm });
  });

  return (
    <form
      method="post"
      encType="multipart/form-data"
      action={uploadPath(owner)}
      onSubmit={submit}
      className={classes.stack}
      data-over={drop.over || undefined}
      {...drop.props}
    >
      {/* Before the files, so that the server knows it when the first byte arrives. */}
      <input type="hidden" name="idempotencyKey" value={formKey} />
      {arrived ? <ArrivedNotice {...arrived} zones={zones} /> : null}
      {chosen?.before && !problem ? (
        <KeptNotice chosenAt={chosen.chosenAt} state={chosen.before} zones={zones} />
      ) : null}
      <DropArea
        ref={area}
        scripted={scripted}
        folded={work !== null && !changing && !foreseen?.sure}
        onFiles={(taken) => void choose(taken)}
        disabled={busy}
        stated={asked !== null}
      />
      {work ? (
        <ChosenLine
          ref={line}
          work={work}
          changing={foreseen?.sure ? null : changing}
          disabled={busy}
          onChange={() => setChanging(!changing)}
          onRemove={remove}
        />
      ) : null}
      {asked ? (
        <p className={classes.hint}>{asked}</p>
      ) : (
        <div>
          <p className={classes.sub}>Required files</p>
          <RequiredList required={requiredFiles} listing={work?.listing ?? null} />
        </div>
      )}
      {foreseen && !judged ? (
        <Notice tone="warn" announce>
          {foreseen.message}
        </Notice>
      ) : null}
      {problem && !(tooFast && isTooFast(problem)) ? (
        <Told key={problem.time}>
          <SendProblem problem={problem} exercise={exercise} kept={chosen?.kept ?? false} />
        </Told>
      ) : null}
      {tooFast && (!problem || isTooFast(problem)) ? (
        <Notice tone="warn" announce={problem !== null}>
          {tooFast}
        </Notice>
      ) : null}
      {replaces || mayPress ? (
        <div className={classes.row}>
          {mayPress ? (
            <Button type="submit" variant={foreseen || judged ? "default" : "filled"}>
              {foreseen ? "Submit anyway" : judged ? "Submit the same again" : "Submit"}
            </Button>
          ) : null}
          {replaces ? <ReplaceWarning {...replaces} /> : null}
        </div>
      ) : null}
      {mayPress && chosen?.kept ? (
        <p className={classes.hint}>
          Kept in this browser until sent, for a day at most. Signing out forgets them.
        </p>
      ) : null}
      {phase.name !== "choosing" ? (
        <Told>
          <SendProgress phase={phase} onStop={() => stop.current?.()} />
        </Told>
      ) : null}
    </form>
  );
}

const isTooFast = (problem: Problem) =>
  problem.outcome === "refused" && problem.code === "too-many-submissions";

/** Moves the focus to what the reader's act has brought, once it is drawn. */
function useFocus(to: {
  line: { current: HTMLDivElement | null };
  area: { current: DropAreaHandle | null };
}): (on: "line" | "area") => void {
  const [wanted, setWanted] = useState<{ on: "line" | "area" } | null>(null);
  const refs = useRef(to);
  useEffect(() => {
    if (wanted?.on === "area") refs.current.area.current?.focus();
    if (wanted?.on !== "line") return;
    const { current } = refs.current.line;
    current?.focus({ preventScroll: true });
    // Submit too is in sight, which is below it.
    current?.closest("form")?.scrollIntoView({ block: "nearest" });
  }, [wanted]);
  return (on) => setWanted({ on });
}
