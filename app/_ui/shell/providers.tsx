"use client";

import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import type { ReactNode } from "react";
import { cssVariables, theme } from "../../theme.ts";
import { ShortcutHelp } from "./shortcut-help.tsx";
import { WaitingBar } from "./waiting-bar.tsx";

export function Providers({ nonce, children }: { nonce: string | undefined; children: ReactNode }) {
  return (
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      cssVariablesResolver={cssVariables}
      getStyleNonce={() => nonce ?? ""}
    >
      <Notifications position="bottom-right" />
      {children}
      <ShortcutHelp />
      <WaitingBar />
    </MantineProvider>
  );
}
