import { IconAlertTriangle, IconCircleCheck, IconCircleX, IconInfoCircle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import classes from "./notice.module.css";

const icons = { info: IconInfoCircle, ok: IconCircleCheck, warn: IconAlertTriangle, bad: IconCircleX };

interface NoticeProps {
  tone: keyof typeof icons;
  /** True for what just happened: screen readers hear it at once. */
  announce?: boolean;
  children: ReactNode;
}

/** One thing the reader should know, with an icon for its weight. */
export function Notice({ tone, announce, children }: NoticeProps) {
  const Icon = icons[tone];
  return (
    <div className={classes.notice} data-tone={tone} role={announce ? "alert" : undefined}>
      <Icon size={19} aria-hidden />
      <div>{children}</div>
    </div>
  );
}
