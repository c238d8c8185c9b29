import type { ComponentProps } from "react";
import { Widgets } from "../page/widgets.tsx";
import { Shell } from "./shell.tsx";

/** The frame of a page with widgets of Mantine's that do something; pages of text have Shell. */
export function WidgetShell({ children, ...shell }: ComponentProps<typeof Shell>) {
  return (
    <Shell {...shell}>
      <Widgets>{children}</Widgets>
    </Shell>
  );
}
