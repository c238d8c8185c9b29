"use client";

import { ActionIcon } from "@mantine/core";
import {
  IconChevronDown,
  IconChevronUp,
  IconPlayerPause,
  IconPlayerPlay,
  IconSearch,
  IconTextWrap,
} from "@tabler/icons-react";
import { Button } from "../../plain/button.tsx";
import { TextInput } from "../../plain/field.tsx";
import { NativeSelect } from "../../plain/native-select.tsx";
import classes from "./log-view.module.css";

interface LogToolsProps {
  search: { text: string; onText(text: string): void; count: number; at: number; onStep(by: 1 | -1): void };
  filter: {
    checks: { id: string; title: string }[];
    check: string | null;
    onCheck(check: string | null): void;
  };
  follow: { on: boolean; live: boolean; onToggle(): void };
  wrap: { on: boolean; onToggle(): void };
}

export function LogTools({ search, filter, follow, wrap }: LogToolsProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: it is no group of fields
    <div className={classes.tools} role="group" aria-label="Log tools">
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
      <ActionIcon.Group>
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
      </ActionIcon.Group>
      <NativeSelect
        size="xs"
        aria-label="Show lines of"
        value={filter.check ?? ""}
        onChange={(event) => filter.onCheck(event.currentTarget.value || null)}
        data={[
          { value: "", label: "All lines" },
          ...filter.checks.map((check) => ({ value: check.id, label: check.title })),
        ]}
        style={{ maxWidth: "12rem" }}
      />
      <ActionIcon
        variant={wrap.on ? "filled" : "default"}
        size="md"
        aria-label="Wrap long lines"
        title="Wrap long lines"
        aria-pressed={wrap.on}
        onClick={wrap.onToggle}
        data-shortcut="w"
      >
        <IconTextWrap size={16} aria-hidden />
      </ActionIcon>
      {follow.live ? (
        <Button
          size="xs"
          variant="default"
          style={{ width: 96 }}
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
    </div>
  );
}

function matchText({ text, count, at }: LogToolsProps["search"]): string {
  if (text.trim() === "") return "";
  if (count === 0) return "no match";
  return at < 0 ? `${count} found` : `${Math.min(at, count - 1) + 1} of ${count}`;
}
