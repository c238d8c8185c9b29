"use client";

import { IconCheck, IconCopy } from "@tabler/icons-react";
import { Button } from "../plain/button.tsx";
import { useCopied } from "../plain/use-copied.ts";

/** Copies `value`; says so in its own label, which screen readers hear. */
export function CopyText({ value, label = "Copy" }: { value: string; label?: string }) {
  const { copied, copy } = useCopied();
  return (
    <Button
      className="needs-script"
      size="compact-sm"
      variant="default"
      onClick={() => copy(value)}
      leftSection={copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}
    >
      <span aria-live="polite">{copied ? "Copied" : label}</span>
    </Button>
  );
}
