"use client";

import { type ReactNode, useSyncExternalStore } from "react";
import { type ColourChoice, chooseColours, followColours, readColours } from "./colour-choice.ts";
import classes from "./shell.module.css";

const order = ["auto", "light", "dark"] as const;
const looks = {
  auto: { word: "System colours" },
  light: { word: "Light colours" },
  dark: { word: "Dark colours" },
};

/**
 * Goes round system, light, dark. Until the browser has told what was chosen it shows "system". icons: of each choice,
 * drawn by the server.
 */
export function ColorSchemeToggle({ icons }: { icons: Record<ColourChoice, ReactNode> }) {
  const current = useSyncExternalStore(followColours, readColours, (): ColourChoice => "auto");
  const next = order[(order.indexOf(current) + 1) % order.length] ?? "auto";
  return (
    <button
      type="button"
      className={`${classes.control} needs-script`}
      onClick={() => chooseColours(next)}
      title={`${looks[current].word}. Press for ${looks[next].word.toLowerCase()}.`}
      aria-label={`${looks[current].word}. Press for ${looks[next].word.toLowerCase()}.`}
    >
      {icons[current]}
    </button>
  );
}
