import type { ComponentProps } from "react";

interface ScrollBoxProps extends Omit<ComponentProps<"div">, "role" | "tabIndex" | "aria-label"> {
  /** For screen readers. */
  label: string;
}

/**
 * What scrolls on its own, by keyboard too. It has a name and is no landmark: those are the panels, and a page of many
 * tables would have as many of the same name.
 */
export function ScrollBox({ label, ...rest }: ScrollBoxProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: it is no group of fields
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div role="group" tabIndex={0} aria-label={label} {...rest} />
  );
}
