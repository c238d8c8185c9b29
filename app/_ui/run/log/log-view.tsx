"use client";

import {
  type KeyboardEvent,
  useCallback,
  useDeferredValue,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import type { RunView } from "#app/_server/queries/run/run-view.ts";
import { ScrollBox } from "../../page/scroll-box.tsx";
import { NearBox } from "./log-near.tsx";
import { createLogSearch } from "./log-search.ts";
import { LogSectionView } from "./log-section.tsx";
import { attemptStarts, type LogSection, linesWord, logSections, opensByItself } from "./log-sections.ts";
import { findLine, type Log, textOf } from "./log-store.ts";
import { LogTools } from "./log-tools.tsx";
import classes from "./log-view.module.css";
import { useFolds } from "./use-folds.ts";
import { useFollow } from "./use-follow.ts";
import { useKeptPlace } from "./use-kept-place.ts";
import { useLogAddress } from "./use-log-address.ts";

interface LogViewProps {
  log: Log;
  view: RunView;
  /** How many of the log's lines are here, and how many there are. */
  lines: { here: number; all: number };
  /** Said while there is no line. */
  emptySentence: string;
}

/** A line or a part that is to be brought into sight, as soon as it is there. */
type Goal = { line: number } | { section: string };

/**
 * The live log: half a million lines, a heading for each check that folds, searchable, with links to lines and parts;
 * follows its end until the reader scrolls up.
 */
export function LogView({ log, view, lines, emptySentence }: LogViewProps) {
  const box = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const { final, id: runId } = view.run;
  const live = !final;
  // A run that was over when the page was made has a box as high as what is open; that of one that goes on is as high
  // as it will ever be, since a box that grows would move the page.
  const [wasOver] = useState(final);
  const [typed, setTyped] = useState("");
  const query = useDeferredValue(typed.trim());
  const [wrap, setWrap] = useState(false);
  const [times, setTimes] = useState(false);
  const { following, toggle, pause } = useFollow(box, content, live);
  useKeptPlace(box, log.missing);

  const sections = useMemo(() => logSections(log, view), [log, view]);
  const starts = useMemo(() => (times && log.missing === 0 ? attemptStarts(log) : null), [times, log]);
  // What the reader watched to its end stays as it is: folding it would move it under their eyes.
  const run = { settled: wasOver, graded: view.run.state === "graded", alone: sections.length === 1 };
  const byId = new Map(sections.map((section) => [section.id, section]));
  const folds = useFolds((id) => {
    const section = byId.get(id);
    return section === undefined || opensByItself(section, run);
  });

  const [search] = useState(createLogSearch);
  const matches = useMemo(() => search(sections, query), [search, sections, query]);
  const [cursor, setCursor] = useState(-1);
  const current = matches.lines[cursor] ?? null;
  const { set: setFolds } = folds;
  // biome-ignore lint/correctness/useExhaustiveDependencies: lines that arrive must not open what the reader closed
  useEffect(() => setFolds([...matches.sections], true), [matches.query, matches.sections.size, setFolds]);

  const { goTo, linked } = useGoal(box, { log, sections, open: (id) => setFolds([id], true), pause });
  const step = useCallback(
    (by: 1 | -1) => {
      if (matches.lines.length === 0) return;
      const next = (Math.max(cursor, by === 1 ? -1 : 0) + by + matches.lines.length) % matches.lines.length;
      setCursor(next);
      goTo({ line: matches.lines[next] ?? 0 });
    },
    [cursor, matches, goTo],
  );
  const foldable = sections.filter((section) => section.lines > 0).map((section) => section.id);
  const anyOpen = foldable.some(folds.isOpen);
  const findInLog = (event: KeyboardEvent<HTMLElement>) => {
    // The browser's own search sees only the lines that are drawn. Pressed in the field it is the browser's again.
    if (event.key !== "f" || !(event.ctrlKey || event.metaKey) || event.target instanceof HTMLInputElement)
      return;
    event.preventDefault();
    event.currentTarget.querySelector<HTMLInputElement>('input[type="search"]')?.focus();
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only hands the keys for searching on to its field
    <div className={classes.frame} data-over={wasOver || undefined} onKeyDown={findInLog}>
      <LogTools
        search={{
          text: typed,
          onText: (text) => {
            setTyped(text);
            setCursor(-1);
          },
          count: matches.lines.length,
          at: cursor,
          onStep: step,
        }}
        follow={{ on: following, live, wasLive: !wasOver, onToggle: toggle }}
        wrap={{ on: wrap, onToggle: () => setWrap((on) => !on) }}
        times={{ on: times, onToggle: () => setTimes((on) => !on) }}
        folds={{ anyOpen, onToggle: () => setFolds(foldable, !anyOpen) }}
        text={() => textOf(sections.flatMap(({ group }) => group ?? []))}
        downloadHref={view.logKept.removedAt === null ? `/api/runs/${runId}/log` : null}
        lines={linesText(lines)}
      />
      <div className={classes.holder}>
        <ScrollBox ref={box} className={classes.scroll} data-wrap={wrap || undefined} label="Log">
          <div ref={content}>
            {lines.all === 0 ? <div className={classes.empty}>{emptySentence}</div> : null}
            {lines.all === 0 && final ? null : (
              <NearBox box={box}>
                {sections.map((section) => (
                  <LogSectionView
                    key={`${section.attempt}/${section.id}`}
                    section={section}
                    open={folds.isOpen(section.id)}
                    onToggle={folds.toggle}
                    query={matches.query}
                    timesFrom={starts?.get(section.attempt) ?? null}
                    current={current}
                    linked={linked}
                    fetching={log.missing > 0}
                  />
                ))}
              </NearBox>
            )}
          </div>
        </ScrollBox>
      </div>
    </div>
  );
}

function linesText({ here, all }: LogViewProps["lines"]): string {
  if (here < all) return `${here.toLocaleString("en")} of ${linesWord(all)}; fetching the rest`;
  return all === 0 ? "" : linesWord(all);
}

/**
 * Where the reader wants to be: what the address names, or what goTo was last given. A line that has not arrived, or a
 * part that is not there, is gone to once it is. linked: the line that the address names.
 */
function useGoal(
  box: React.RefObject<HTMLElement | null>,
  {
    log,
    sections,
    open,
    pause,
  }: { log: Log; sections: readonly LogSection[]; open(id: string): void; pause(): void },
) {
  const address = useLogAddress();
  const [goal, setGoal] = useState<Goal | null>(null);
  const [reached, setReached] = useState<Goal | null>(null);
  const linked = address !== null && "line" in address ? address.line : null;
  useEffect(() => setGoal(address), [address]);

  useLayoutEffect(() => {
    if (goal === null || goal === reached) return;
    const id =
      "line" in goal ? sectionOfLine(log, sections, goal.line) : sectionNamed(sections, goal.section);
    if (id === null) return;
    const place = "line" in goal ? `L${goal.line}` : id;
    open(id);
    pause();
    // Drawn by now, or as soon as its part is open; this effect runs again then.
    const element = document.getElementById(place);
    if (element === null) return;
    setReached(goal);
    element.scrollIntoView({ block: "line" in goal ? "center" : "start" });
    box.current?.scrollIntoView({ block: "nearest" });
  });

  return { goTo: setGoal, linked };
}

function sectionOfLine(log: Log, sections: readonly LogSection[], number: number): string | null {
  const group = findLine(log, number)?.group;
  return sections.find((section) => group !== undefined && section.group === group)?.id ?? null;
}

const sectionNamed = (sections: readonly LogSection[], id: string) =>
  sections.find((section) => section.id === id)?.id ?? null;
