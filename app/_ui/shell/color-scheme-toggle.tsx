"use client";

import { useMantineColorScheme } from "@mantine/core";
import { IconDeviceDesktop, IconMoon, IconSun } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import classes from "./shell.module.css";

const order = ["auto", "light", "dark"] as const;
const looks = {
  auto: { word: "System colours", icon: IconDeviceDesktop },
  light: { word: "Light colours", icon: IconSun },
  dark: { word: "Dark colours", icon: IconMoon },
};

/** Goes round system, light, dark. Until the browser has told what was chosen it shows "system". */
export function ColorSchemeToggle() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const [known, setKnown] = useState(false);
  useEffect(() => setKnown(true), []);
  const current = known ? colorScheme : "auto";
  const next = order[(order.indexOf(current) + 1) % order.length] ?? "auto";
  const Icon = looks[current].icon;
  return (
    <button
      type="button"
      className={`${classes.control} needs-script`}
      onClick={() => setColorScheme(next)}
      title={`${looks[current].word}. Press for ${looks[next].word.toLowerCase()}.`}
      aria-label={`${looks[current].word}. Press for ${looks[next].word.toLowerCase()}.`}
    >
      <Icon size={17} aria-hidden />
    </button>
  );
}
