import { compareFiles, type FileChange } from "#grading/submissions/handed-in/compare-files.ts";
import type { LineRun } from "#grading/submissions/handed-in/compare-lines.ts";
import { around, mostFolded } from "#grading/submissions/handed-in/folded-lines.ts";
import type { FileHead } from "#grading/submissions/handed-in/read-heads.ts";
import type { HandedIn } from "#infra/archives/handed-in-files.ts";
import type { CodeLine } from "#infra/code/code-order.ts";
import type { Services } from "../../services.ts";
import { colour, textOf } from "./file-view.ts";

/** How one file changed. */
export interface ChangeView {
  path: string;
  status: "added" | "removed" | "changed";
  /** Bytes before and after; null where there was or is no such file. */
  bytes: { older: number | null; newer: number | null };
  /** null: not text, too large, or not compared; `why` says which. not-shown: they are known, and too many to show. */
  lines: { added: number; removed: number } | null;
  why: "binary" | "cut" | "too-different" | "not-compared" | "not-shown" | null;
  /** Only of changed texts whose lines were compared. */
  diff: { runs: LineRun[]; older: CodeLine[]; newer: CodeLine[] } | null;
}

export type ChangesView =
  | { outcome: "compared"; changes: ChangeView[]; same: number }
  | { outcome: "unreadable"; message: string };

/** Files whose lines are compared; of the others it is only said that they changed. */
const mostCompared = 40;
/** What one page shows of differences and colours of them, in characters: more than that no browser holds with ease. */
const pageBounds = { shown: 800_000, coloured: 500_000 };
/** What stands around a line weighs as much as so many characters of it. */
const rowWeight = 100;
/** Texts that were compared and are not shown have kept the thread busy too, up to a second: so few of a page may. */
const givenUpWeight = pageBounds.shown / 8;

/** What is left of a page's bounds. */
type Room = { shown: number; coloured: number };

/** What differs between two submissions of one student. languageOf: by the file's name; null for plain text. */
export async function readChanges(
  services: Pick<Services, "handedIn" | "code">,
  readerId: string,
  { older, newer }: { older: HandedIn; newer: HandedIn },
  languageOf: (path: string) => string | null,
): Promise<ChangesView> {
  const [was, is] = [await readAll(services, readerId, older), await readAll(services, readerId, newer)];
  for (const read of [was, is])
    if (read.outcome === "unreadable") return { outcome: "unreadable", message: read.message };
  if (was.outcome !== "ok" || is.outcome !== "ok") throw new Error("A submission was read in part.");
  const changes = compareFiles(was.heads, is.heads);
  const views: ChangeView[] = [];
  const room = { ...pageBounds };
  let compared = 0;
  for (const change of changes) {
    compared += change.status === "changed" ? 1 : 0;
    const compare = compared <= mostCompared && room.shown > 0;
    views.push(await viewOf(services, change, { readerId, room, compare }, languageOf(change.path)));
  }
  const changedOrAdded = changes.filter(({ status }) => status !== "removed").length;
  return { outcome: "compared", changes: views, same: is.heads.length - changedOrAdded };
}

const readAll = ({ handedIn }: Pick<Services, "handedIn">, readerId: string, of: HandedIn) =>
  handedIn.heads(
    readerId,
    of,
    of.files.map(({ path }) => path),
  );

async function viewOf(
  { code }: Pick<Services, "code">,
  change: FileChange<FileHead>,
  { readerId, room, compare }: { readerId: string; room: Room; compare: boolean },
  language: string | null,
): Promise<ChangeView> {
  const { path, status } = change;
  const older = change.status === "added" ? null : change.older;
  const newer = change.status === "removed" ? null : change.newer;
  const bytes = { older: older?.bytes ?? null, newer: newer?.bytes ?? null };
  const without = (why: ChangeView["why"]): ChangeView => ({
    ...{ path, status, bytes, why },
    ...{ lines: null, diff: null },
  });
  const [before, after] = [older && textOf(older), newer && textOf(newer)];
  if (before?.kind === "binary" || after?.kind === "binary") return without("binary");
  const isCut = before?.cut || after?.cut;
  if (before === null || after === null) {
    // Lines of a beginning would be no number of the file's.
    if (isCut) return without(null);
    const lines = { added: after?.lines.length ?? 0, removed: before?.lines.length ?? 0 };
    return { ...without(null), lines };
  }
  if (isCut) return without("cut");
  if (!compare) return without("not-compared");
  const { lines: olderLines } = before;
  const { lines: newerLines } = after;
  const comparison = await code.compare(readerId, olderLines, newerLines);
  if (comparison.outcome === "too-different") {
    room.shown -= givenUpWeight;
    return without("too-different");
  }
  const { added, removed, runs } = comparison;
  const lines = { added, removed };
  const weight = weightOf(runs, olderLines, newerLines);
  if (weight > room.shown) {
    room.shown -= givenUpWeight;
    return { ...without("not-shown"), lines };
  }
  room.shown -= weight;
  const characters = charactersOf(olderLines) + charactersOf(newerLines);
  const shade = characters <= room.coloured ? language : null;
  if (shade !== null) room.coloured -= characters;
  const [olderCode, newerCode] = [
    await colour(code, readerId, olderLines, shade),
    await colour(code, readerId, newerLines, shade),
  ];
  return { ...without(null), lines, diff: { runs, older: olderCode.lines, newer: newerCode.lines } };
}

const charactersOf = (lines: readonly string[]) => lines.reduce((sum, line) => sum + line.length + 1, 0);

/** Of what a difference shows; unchanged lines count as far as a fold holds them. */
function weightOf(runs: readonly LineRun[], older: readonly string[], newer: readonly string[]): number {
  return runs.reduce((sum, { kind, oldFrom, newFrom, lines }) => {
    const [text, from] = kind === "removed" ? [older, oldFrom] : [newer, newFrom];
    const all = text.slice(from - 1, from - 1 + lines);
    const shown =
      kind === "same" && lines > mostFolded + 2 * around
        ? [...all.slice(0, around), ...all.slice(-around)]
        : all;
    return sum + charactersOf(shown) + shown.length * rowWeight;
  }, 0);
}
