import type { ReactNode } from "react";
import classes from "./notice.module.css";

export interface NoticeBoxProps {
  tone: "info" | "ok" | "warn" | "bad";
  /** True for what just happened: screen readers hear it at once. */
  announce?: boolean;
  icon: ReactNode;
  children: ReactNode;
}

/** A notice whose icon is given: a small page of code need not load all of them. */
export function NoticeBox({ tone, announce, icon, children }: NoticeBoxProps) {
  return (
    <div className={classes.notice} data-tone={tone} role={announce ? "alert" : undefined}>
      {icon}
      <div>{children}</div>
    </div>
  );
}
