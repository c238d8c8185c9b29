"use client";

import { type MantineColorSchemeManager, MantineProvider } from "@mantine/core";
import type { ReactNode } from "react";
import { theme } from "../../theme.ts";
import { chooseColours, followColours, readColours } from "../shell/colour-choice.ts";

let leave: (() => void) | undefined;

/** The site's own choice of colours (shell/colour-choice.ts), for what Mantine has to know of it. */
const siteColours: MantineColorSchemeManager = {
  get: (otherwise) => (typeof window === "undefined" ? otherwise : readColours()),
  set: () => undefined,
  subscribe: (changed) => {
    leave = followColours(() => changed(readColours()));
  },
  unsubscribe: () => leave?.(),
  clear: () => chooseColours("auto"),
};

/**
 * Round what uses Mantine's widgets that do something: a field that completes, a place to drop files, a slider. Pages
 * of text have none, and do not load Mantine (house/light-pages.test.ts): what is drawn alone comes from ../plain.
 * Variables and classes are in theme.css, for both.
 */
export function Widgets({ children }: { children: ReactNode }) {
  return (
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      colorSchemeManager={siteColours}
      withCssVariables={false}
      withGlobalClasses={false}
    >
      {children}
    </MantineProvider>
  );
}
