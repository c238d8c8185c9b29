import "@mantine/core/styles.css";
import "./fonts.css";
import "./theme.css";
import "./globals.css";
import "./no-script.css";
import type { Metadata, Viewport } from "next";
import { headers } from "next/headers";
import type { ReactNode } from "react";
import { colourScript, rootColours } from "./_ui/shell/colour-choice.ts";
import { Listeners } from "./_ui/shell/listeners.tsx";
import { inter } from "./fonts.ts";

export const metadata: Metadata = {
  title: { default: "Drydock", template: "%s · Drydock" },
  description: "Read, submit, and watch your work being graded in a machine of its own.",
};

export const viewport: Viewport = { width: "device-width", initialScale: 1, colorScheme: "light dark" };

export default async function RootLayout({ children }: { children: ReactNode }) {
  // Set by proxy.ts, which also puts it in the Content-Security-Policy of this response.
  const nonce = (await headers()).get("x-nonce") ?? undefined;
  return (
    <html lang="en" className={inter.variable} {...rootColours} data-respect-reduced-motion="true">
      <head>
        {/* biome-ignore lint/security/noDangerouslySetInnerHtml: our own text, with nobody's words in it */}
        <script nonce={nonce} suppressHydrationWarning dangerouslySetInnerHTML={{ __html: colourScript }} />
      </head>
      <body>
        {children}
        <Listeners />
      </body>
    </html>
  );
}
