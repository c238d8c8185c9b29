"use client";

import { IconCheck, IconChevronRight, IconCopy, IconHash, IconServer2 } from "@tabler/icons-react";
import { memo } from "react";
import { formatSeconds } from "../../format.ts";
import { ActionIcon } from "../../plain/action-icon.tsx";
import { useCopied } from "../../plain/use-copied.ts";
import { StateTag } from "../../state/state-tag.tsx";
import { LogChunk } from "./log-chunk.tsx";
import { type LogSection, linesWord } from "./log-sections.ts";
import { textOf } from "./log-store.ts";
import classes from "./log-view.module.css";

interface LogSectionProps {
  section: LogSection;
  open: boolean;
  onToggle(id: string): void;
  query: string;
  /** When the attempt began, where times are shown. */
  timesFrom: number | null;
  /** A line that has to be drawn, wherever it is: the match under the cursor. */
  current: number | null;
  /** The line that the address names. */
  linked: number | null;
  /** Lines may be missing here that are being fetched. */
  fetching: boolean;
}

/** What one check wrote, or the machine itself, under a heading that stays in sight and folds it. */
export function LogSectionView({ section, open, onToggle, fetching, ...marks }: LogSectionProps) {
  const { id, title, lines, group } = section;
  return (
    <div className={classes.section} id={id}>
      <div className={classes.head} data-open={(open && lines > 0) || undefined}>
        {lines > 0 ? (
          <h3 className={classes.title}>
            <button type="button" aria-expanded={open} onClick={() => onToggle(id)}>
              <IconChevronRight className={classes.chevron} size={16} aria-hidden />
              <Heading section={section} />
              <span className={classes.meta}>
                <Seconds of={section} />
                <span>{linesWord(lines)}</span>
              </span>
            </button>
          </h3>
        ) : (
          <h3 className={classes.title}>
            <span>
              <span className={classes.chevron} />
              <Heading section={section} />
              <span className={classes.meta}>
                <Seconds of={section} />
                <span>{fetching ? "fetching" : "no lines"}</span>
              </span>
            </span>
          </h3>
        )}
        <a
          className={classes.link}
          href={`#${encodeURIComponent(id)}`}
          tabIndex={-1}
          title={`Link to “${title}”`}
        >
          <IconHash size={14} aria-hidden />
          <span className="sr">Link to {title}</span>
        </a>
        {open && group !== null && lines > 0 ? (
          <CopyLines title={title} text={() => textOf([group])} />
        ) : (
          <span className={classes.nocopy} />
        )}
      </div>
      {open && group !== null ? <SectionLines group={group} {...marks} /> : null}
    </div>
  );
}

const SectionLines = memo(function SectionLines({
  group,
  query,
  timesFrom,
  current,
  linked,
}: Omit<LogSectionProps, "section" | "open" | "onToggle" | "fetching"> & {
  group: NonNullable<LogSection["group"]>;
}) {
  const last = group.chunks.length - 1;
  return group.chunks.map((lines, index) => (
    <LogChunk
      key={lines[0]?.number}
      lines={lines}
      query={query}
      timesFrom={timesFrom}
      atOnce={index === last}
      current={within(lines, current)}
      linked={within(lines, linked)}
    />
  ));
});

function Heading({ section: { check, state, title } }: { section: LogSection }) {
  return (
    <>
      {state !== null ? <StateTag state={state} bare /> : null}
      {state === null && check === null ? <IconServer2 size={15} aria-hidden /> : null}
      <span className={classes.name}>{title}</span>
    </>
  );
}

function Seconds({ of: { seconds } }: { of: LogSection }) {
  return seconds === null ? null : <span>{formatSeconds(seconds)}</span>;
}

function CopyLines({ title, text }: { title: string; text(): string }) {
  const { copied, copy } = useCopied();
  const label = copied ? "Copied" : `Copy the lines of ${title}`;
  return (
    <ActionIcon
      size="sm"
      variant="subtle"
      style={{ color: "var(--mantine-color-dimmed)" }}
      aria-label={label}
      title={label}
      onClick={() => copy(text())}
    >
      {copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}
    </ActionIcon>
  );
}

/** The number when it is one of these lines', else null: chunks elsewhere keep their props and are not drawn again. */
function within(lines: readonly { number: number }[], number: number | null): number | null {
  const [first, last] = [lines[0]?.number ?? 0, lines.at(-1)?.number ?? 0];
  return number !== null && number >= first && number <= last ? number : null;
}
