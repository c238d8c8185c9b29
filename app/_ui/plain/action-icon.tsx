import type { ComponentProps, CSSProperties } from "react";

const look = "m_8d3f4000 mantine-ActionIcon-root m_87cf2631 mantine-UnstyledButton-root";
const thin = "calc(0.0625rem * var(--mantine-scale)) solid";

type CustomProperties = Record<`--${string}`, string>;

const variants = {
  default: {
    "--ai-bg": "var(--mantine-color-default)",
    "--ai-hover": "var(--mantine-color-default-hover)",
    "--ai-color": "var(--mantine-color-default-color)",
    "--ai-bd": `${thin} var(--mantine-color-default-border)`,
  },
  filled: {
    "--ai-bg": "var(--mantine-color-harbour-filled)",
    "--ai-hover": "var(--mantine-color-harbour-filled-hover)",
    "--ai-color": "var(--mantine-color-white)",
    "--ai-bd": `${thin} transparent`,
  },
  /** In grey. */
  subtle: {
    "--ai-bg": "transparent",
    "--ai-hover": "var(--mantine-color-gray-light-hover)",
    "--ai-color": "var(--mantine-color-gray-light-color)",
    "--ai-bd": `${thin} transparent`,
  },
};

interface Look {
  variant: keyof typeof variants;
  size: "sm" | "md";
  "aria-label": string;
  style?: CSSProperties;
}

function lookOf({ variant, size, style }: Look, active: boolean) {
  const custom: CustomProperties = { "--ai-size": `var(--ai-size-${size})`, ...variants[variant] };
  return {
    className: `mantine-focus-auto ${active ? "mantine-active " : ""}${look}`,
    style: { ...custom, ...style },
    "data-variant": variant,
    "data-size": size,
  };
}

type ActionIconProps = Omit<ComponentProps<"button">, "type" | "color" | keyof Look> & Look;

/** A small button that is an icon; Mantine's without its code. */
export function ActionIcon({ variant, size, style, disabled, children, ...rest }: ActionIconProps) {
  return (
    <button
      {...rest}
      {...lookOf({ variant, size, style, "aria-label": rest["aria-label"] }, !disabled)}
      type="button"
      disabled={disabled}
      data-disabled={disabled || undefined}
    >
      <span className="m_8d3afb97 mantine-ActionIcon-icon">{children}</span>
    </button>
  );
}

type ActionIconLinkProps = Omit<ComponentProps<"a">, "color" | keyof Look> & Look;

/** The same as a link, such as to a file. */
export function ActionIconLink({ variant, size, style, children, ...rest }: ActionIconLinkProps) {
  return (
    <a {...rest} {...lookOf({ variant, size, style, "aria-label": rest["aria-label"] }, true)}>
      <span className="m_8d3afb97 mantine-ActionIcon-icon">{children}</span>
    </a>
  );
}

/** Some of them, side by side as one. */
export function ActionIconGroup(props: Pick<ComponentProps<"div">, "children">) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: it is no group of fields
    <div
      {...props}
      className="m_1a0f1b21 mantine-ActionIconGroup-group"
      data-orientation="horizontal"
      role="group"
    />
  );
}
