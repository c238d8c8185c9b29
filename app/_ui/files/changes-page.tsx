import { IconEqual, IconMinus, IconPencil, IconPlus } from "@tabler/icons-react";
import type { ChangesView, ChangeView } from "#app/_server/queries/submission/changes-view.ts";
import { formatBytes, plural } from "../format.ts";
import { TextLink } from "../page/links.tsx";
import { Notice } from "../page/notice.tsx";
import { EmptyState, Panel } from "../page/panel.tsx";
import { ScrollBox } from "../page/scroll-box.tsx";
import code from "./code.module.css";
import { toneRules } from "./code-html.ts";
import { diffHtml } from "./diff-html.ts";
import { fileAddress } from "./file-address.ts";
import classes from "./files.module.css";
import { visibleText } from "./visible-text.ts";

interface ChangesPageProps {
  older: { id: string; number: number };
  newer: { id: string; number: number };
  view: ChangesView;
}

/** What differs between two submissions: the files, then the lines of those that changed. */
export function ChangesPage({ older, newer, view }: ChangesPageProps) {
  if (view.outcome === "unreadable")
    return <Notice tone="bad">One of the two submissions cannot be read. {view.message}</Notice>;
  const { changes, same } = view;
  if (changes.length === 0) {
    return (
      <Panel title="Nothing changed" flush>
        <EmptyState title={`Nothing changed from no. ${older.number} to no. ${newer.number}.`}>
          Both hold the same {plural(same, "file")}, byte for byte.
        </EmptyState>
      </Panel>
    );
  }
  return (
    <div className={classes.stack}>
      <Panel title="Files" aside={<span className="num">{sumOf(changes)}</span>} flush>
        <ul className={classes.changes}>
          {changes.map((change, index) => (
            <li key={change.path}>
              <Status status={change.status} />
              <Named {...{ change, index, older, newer }} />
              <Counts change={change} />
            </li>
          ))}
          {same === 0 ? null : (
            <li>
              <span className={classes.status}>
                <IconEqual size={15} aria-hidden /> the same
              </span>
              <span>{plural(same, "other file")}</span>
            </li>
          )}
        </ul>
      </Panel>
      {changes.map((change, index) =>
        change.diff === null ? null : (
          <section key={change.path} id={`file-${index + 1}`} className={classes.anchor}>
            <Panel
              title={visibleText(change.path)}
              aside={<TextLink href={fileAddress(newer.id, change.path)}>The whole file</TextLink>}
              flush
            >
              <Diff change={change} diff={change.diff} />
            </Panel>
          </section>
        ),
      )}
    </div>
  );
}

function Diff({ change, diff }: { change: ChangeView; diff: NonNullable<ChangeView["diff"]> }) {
  const { runs, older, newer } = diff;
  if (runs.every(({ kind }) => kind === "same")) {
    return (
      <EmptyState title="Every line is the same.">
        Only what ends the lines changed, such as a missing end of the last one.
      </EmptyState>
    );
  }
  return (
    <ScrollBox className={code.code} label={`Changes of ${visibleText(change.path)}`}>
      <style>{toneRules([...older, ...newer])}</style>
      {/* biome-ignore lint/security/noDangerouslySetInnerHtml: diff-html.ts escapes every character of the student's */}
      <div className={code.diff} dangerouslySetInnerHTML={{ __html: diffHtml(runs, older, newer) }} />
    </ScrollBox>
  );
}

const statuses = {
  added: { word: "added", icon: IconPlus },
  removed: { word: "removed", icon: IconMinus },
  changed: { word: "changed", icon: IconPencil },
};

function Status({ status }: { status: ChangeView["status"] }) {
  const { word, icon: Icon } = statuses[status];
  return (
    <span className={classes.status} data-status={status}>
      <Icon size={15} aria-hidden /> {word}
    </span>
  );
}

interface NamedProps extends Omit<ChangesPageProps, "view"> {
  change: ChangeView;
  index: number;
}

/** To its lines on this page, else to the file where it is. */
function Named({ change, index, older, newer }: NamedProps) {
  const name = <span className="mono">{visibleText(change.path)}</span>;
  if (change.diff !== null) return <a href={`#file-${index + 1}`}>{name}</a>;
  const where = change.status === "removed" ? older : newer;
  return <TextLink href={fileAddress(where.id, change.path)}>{name}</TextLink>;
}

const whys = {
  binary: "not text",
  cut: "too long to compare",
  "too-different": "too different to compare",
  "not-compared": "not compared: so much changed",
  "not-shown": "not shown: so much changed",
};

function Counts({ change: { lines, why, bytes } }: { change: ChangeView }) {
  if (lines !== null) {
    return (
      <span className="num">
        +{lines.added} −{lines.removed} <span className="sr">lines</span>
        {why === null ? "" : `, ${whys[why]}`}
      </span>
    );
  }
  const sizes = [bytes.older, bytes.newer].flatMap((size) => (size === null ? [] : [formatBytes(size)]));
  return (
    <span>
      {why === null ? "" : `${whys[why]}, `}
      <span className="num">{sizes.join(" → ")}</span>
    </span>
  );
}

/** 2 files, +12 −3 lines */
function sumOf(changes: readonly ChangeView[]): string {
  const sum = (side: "added" | "removed") =>
    changes.reduce((total, { lines }) => total + (lines?.[side] ?? 0), 0);
  return `${plural(changes.length, "file")}, +${sum("added")} −${sum("removed")} lines`;
}
