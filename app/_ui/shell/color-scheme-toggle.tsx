"use client";

import { IconDeviceDesktop, IconMoon, IconSun } from "@tabler/icons-react";
import { useSyncExternalStore } from "react";
import { type ColourChoice, chooseColours, followColours, readColours } from "./colour-choice.ts";
import classes from "./shell.module.css";

const order = ["auto", "light", "dark"] as const;
const looks = {
  auto: { word: "System colours", icon: IconDeviceDesktop },
  light: { word: "Light colours", icon: IconSun },
  dark: { word: "Dark colours", icon: IconMoon },
};

/** Goes round system, light, dark. Until the browser has told what was chosen it shows "system". */
export function ColorSchemeToggle() {
  const current = useSyncExternalStore(followColours, readColours, (): ColourChoice => "auto");
  const next = order[(order.indexOf(current) + 1) % order.length] ?? "auto";
  const Icon = looks[current].icon;
  return (
    <button
      type="button"
      className={`${classes.control} needs-script`}
      onClick={() => chooseColours(next)}
      title={`${looks[current].word}. Press for ${looks[next].word.toLowerCase()}.`}
      aria-label={`${looks[current].word}. Press for ${looks[next].word.toLowerCase()}.`}
      data-shortcut="c"
      data-shortcut-label="Change colours: system, light, dark"
    >
      <Icon size={17} aria-hidden />
    </button>
  );
}
