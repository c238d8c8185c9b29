"use client";

import { useEffect, useRef, useState } from "react";
import type { SubmissionLimits } from "#grading/exercises/spec/spec.ts";
import { systemClock } from "#infra/clock/clock.ts";
import { type ChosenFile, type DroppedWork, lookAtWork } from "./dropped-work.ts";
import { findKept, forgetKept, keepWork, type Owner } from "./kept-work.ts";
import { askArrival } from "./send-work.ts";

interface Chosen {
  work: DroppedWork;
  /** Milliseconds since 1970. */
  chosenAt: number;
  /** Whether a reload of the page finds it again. */
  kept: boolean;
  /** It was chosen before this page was loaded: how that went; null: on this page. */
  before: "not-sent" | "unknown" | null;
}

/** An upload that was under way when the page was left, and arrived. */
interface Arrived {
  chosenAt: number;
  number: number;
  page: string;
}

/** While an upload that outlived its page is looked at, the server is asked for so long. */
const askEveryMs = 2_000;
const askMost = 30;

const unreadable =
  "A file you chose could not be read: it was changed, moved or removed meanwhile. Choose your files again.";

/** The files that are to be handed in, kept in the browser until they are sent or removed. */
export function useChosenWork(owner: Owner, requiredFiles: readonly string[], limits: SubmissionLimits) {
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const [arrived, setArrived] = useState<Arrived | null>(null);
  /** Counts choices: what an older one has come to is dropped. */
  const turn = useRef(0);

  const keep = async ({ work, chosenAt }: Pick<Chosen, "work" | "chosenAt">) => {
    const mine = turn.current;
    if (work.files.length === 0 || work.packedBytes > limits.packedBytes) return;
    const kept = await keepWork(owner, { files: work.files, key: work.key, chosenAt });
    if (mine === turn.current) setChosen((now) => now && { ...now, kept });
  };

  /** Gives a sentence when the files cannot be read, else null. key: of an upload that may be under way already. */
  const choose = async (files: ChosenFile[], key?: string): Promise<string | null> => {
    const mine = ++turn.current;
    setArrived(null);
    try {
      const work = await lookAtWork(files, requiredFiles, key);
      if (mine !== turn.current) return null;
      const one = { work, chosenAt: systemClock().getTime(), kept: false, before: null };
      setChosen(one);
      await keep(one);
      return null;
    } catch {
      // Reading is the browser's own: whatever it throws, the file is not to be had.
      return unreadable;
    }
  };

  const forget = async () => {
    if (chosen) await forgetKept(owner, chosen.work.key);
  };

  const remove = () => {
    turn.current += 1;
    setChosen(null);
    void forget();
  };

  /** Offers what was chosen before this page was loaded and has not arrived. Gives what ends it. */
  const offerKept = (): (() => void) => {
    const mine = turn.current;
    let over = false;
    const isLate = () => over || mine !== turn.current;
    const offer = async () => {
      const kept = await findKept(owner, systemClock().getTime());
      if (!kept || isLate()) return;
      const { key, chosenAt } = kept;
      let arrival = await askArrival(owner, key);
      for (let asked = 1; arrival?.state === "under-way" && asked < askMost && !isLate(); asked++) {
        await new Promise((resolve) => setTimeout(resolve, askEveryMs));
        arrival = await askArrival(owner, key);
      }
      if (isLate()) return;
      if (arrival?.state === "arrived") {
        await forgetKept(owner, key);
        return setArrived({ chosenAt, number: arrival.number, page: arrival.page });
      }
      const work = await lookAtWork(kept.files, requiredFiles, key);
      if (isLate()) return;
      const before = arrival?.state === "not-arrived" ? "not-sent" : "unknown";
      setChosen({ work, chosenAt, kept: true, before });
    };
    // Kept bytes that the browser has lost meanwhile are nothing to offer.
    offer().catch(() => undefined);
    return () => {
      over = true;
    };
  };

  return { chosen, arrived, choose, keep, forget, remove, offerKept };
}

/** Calls `act` once the page has its script. */
export function useOnMount(act: () => undefined | (() => void)): void {
  const first = useRef(act);
  useEffect(() => first.current(), []);
}
