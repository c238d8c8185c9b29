"use client";

import {
  IconCheck,
  IconChevronDown,
  IconChevronUp,
  IconClock,
  IconCopy,
  IconDownload,
  IconFold,
  IconPlayerPause,
  IconPlayerPlay,
  IconSearch,
  IconTextWrap,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import { ActionIcon, ActionIconGroup, ActionIconLink } from "../../plain/action-icon.tsx";
import { Button } from "../../plain/button.tsx";
import { TextInput } from "../../plain/field.tsx";
import { useCopied } from "../../plain/use-copied.ts";
import classes from "./log-view.module.css";

interface Toggle {
  on: boolean;
  onToggle(): void;
}

interface LogToolsProps {
  search: { text: string; onText(text: string): void; count: number; at: number; onStep(by: 1 | -1): void };
  /** wasLive: its button keeps its place when the run ends. */
  follow: Toggle & { live: boolean; wasLive: boolean };
  wrap: Toggle;
  times: Toggle;
  folds: { anyOpen: boolean; onToggle(): void };
  /** The whole log as the page has it. */
  text(): string;
  /** null: the log was removed. */
  downloadHref: string | null;
  /** How many lines there are. */
  lines: string;
}

export function LogTools({ search, follow, wrap, times, folds, text, downloadHref, lines }: LogToolsProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: it is no group of fields
    <div className={classes.tools} role="group" aria-label="Log tools">
      <Search {...search} />
      <ToggleIcon
        label="Wrap long lines"
        shortcut="w"
        toggle={wrap}
        icon={<IconTextWrap size={16} aria-hidden />}
      />
      <ToggleIcon
        label="Show times, in seconds since the machine began"
        shortcut="t"
        toggle={times}
        icon={<IconClock size={16} aria-hidden />}
      />
      <ActionIcon
        variant="default"
        size="md"
        aria-label={folds.anyOpen ? "Fold all parts" : "Unfold all parts"}
        title={folds.anyOpen ? "Fold all parts" : "Unfold all parts"}
        onClick={folds.onToggle}
      >
        <IconFold size={16} aria-hidden />
      </ActionIcon>
      <CopyAll text={text} />
      {downloadHref === null ? null : (
        <ActionIconLink
          href={downloadHref}
          download
          variant="default"
          size="md"
          aria-label="Download the whole log"
          title="Download the whole log"
        >
          <IconDownload size={16} aria-hidden />
        </ActionIconLink>
      )}
      {follow.wasLive ? (
        <Button
          size="xs"
          variant="default"
          style={{ width: 96, visibility: follow.live ? undefined : "hidden" }}
          onClick={follow.onToggle}
          data-shortcut="f"
          data-shortcut-label="Follow the log or pause"
          leftSection={
            follow.on ? <IconPlayerPause size={14} aria-hidden /> : <IconPlayerPlay size={14} aria-hidden />
          }
        >
          {follow.on ? "Pause" : "Follow"}
        </Button>
      ) : null}
      <span className={`${classes.lines} num`}>{lines}</span>
    </div>
  );
}

function Search(search: LogToolsProps["search"]) {
  return (
    <>
      <TextInput
        className={classes.search}
        size="xs"
        type="search"
        placeholder="Search the log"
        aria-label="Search the log"
        leftSection={<IconSearch size={14} aria-hidden />}
        value={search.text}
        onChange={(event) => search.onText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter") return;
          event.preventDefault();
          search.onStep(event.shiftKey ? -1 : 1);
        }}
        data-shortcut="/"
        data-shortcut-label="Search the log (Enter: next match, Shift+Enter: previous)"
      />
      <output className={`${classes.count} num`} aria-live="polite">
        {matchText(search)}
      </output>
      <ActionIconGroup>
        <ActionIcon
          variant="default"
          size="md"
          aria-label="Previous match"
          disabled={search.count === 0}
          onClick={() => search.onStep(-1)}
          data-shortcut="N"
        >
          <IconChevronUp size={16} aria-hidden />
        </ActionIcon>
        <ActionIcon
          variant="default"
          size="md"
          aria-label="Next match"
          disabled={search.count === 0}
          onClick={() => search.onStep(1)}
          data-shortcut="n"
        >
          <IconChevronDown size={16} aria-hidden />
        </ActionIcon>
      </ActionIconGroup>
    </>
  );
}

interface ToggleIconProps {
  label: string;
  shortcut: string;
  toggle: Toggle;
  icon: ReactNode;
}

function ToggleIcon({ label, shortcut, toggle, icon }: ToggleIconProps) {
  return (
    <ActionIcon
      variant={toggle.on ? "filled" : "default"}
      size="md"
      aria-label={label}
      title={label}
      aria-pressed={toggle.on}
      onClick={toggle.onToggle}
      data-shortcut={shortcut}
    >
      {icon}
    </ActionIcon>
  );
}

function CopyAll({ text }: { text(): string }) {
  const { copied, copy } = useCopied();
  const label = copied ? "Copied" : "Copy the whole log";
  return (
    <ActionIcon variant="default" size="md" aria-label={label} title={label} onClick={() => copy(text())}>
      {copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
    </ActionIcon>
  );
}

function matchText({ text, count, at }: LogToolsProps["search"]): string {
  if (text.trim() === "") return "";
  if (count === 0) return "no match";
  return at < 0 ? `${count} found` : `${Math.min(at, count - 1) + 1} of ${count}`;
}
