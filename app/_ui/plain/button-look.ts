import type { CSSProperties } from "react";

export type ButtonVariant = "filled" | "default" | "subtle";
export type ButtonSize = "xs" | "sm" | "md" | "compact-xs" | "compact-sm";

export interface ButtonLook {
  variant?: ButtonVariant;
  size?: ButtonSize;
  /** "red.9" on a filled button, for what cannot be undone; "gray" on a subtle one. */
  color?: "red.9" | "gray";
}

/** The classes of Mantine's button, by its parts; plain.test.tsx holds them to what Mantine itself renders. */
export const buttonClasses = {
  root: "mantine-focus-auto mantine-active m_77c9d27d mantine-Button-root m_87cf2631 mantine-UnstyledButton-root",
  still: "mantine-focus-auto m_77c9d27d mantine-Button-root m_87cf2631 mantine-UnstyledButton-root",
  inner: "m_80f1301b mantine-Button-inner",
  label: "m_811560b9 mantine-Button-label",
  section: "m_a74036a mantine-Button-section",
  loader: "m_a25b86ee mantine-Button-loader",
  spinner: "m_b34414df m_5ae2e3c mantine-Loader-root",
};

const thin = "calc(0.0625rem * var(--mantine-scale)) solid";

/** The variables by which Mantine's sheet draws a button. */
export function buttonStyle({ variant = "filled", size, color }: ButtonLook): CSSProperties {
  return { ...sizeVariables(size), ...variantVariables(variant, color) } as CSSProperties;
}

function sizeVariables(size: ButtonSize | undefined): Record<string, string> {
  if (size === undefined) return {};
  return {
    "--button-height": `var(--button-height-${size})`,
    "--button-padding-x": `var(--button-padding-x-${size})`,
    "--button-fz": `var(--mantine-font-size-${size.replace("compact-", "")})`,
  };
}

function variantVariables(variant: ButtonVariant, color: ButtonLook["color"]): Record<string, string> {
  if (variant === "default") {
    return {
      "--button-bg": "var(--mantine-color-default)",
      "--button-hover": "var(--mantine-color-default-hover)",
      "--button-color": "var(--mantine-color-default-color)",
      "--button-bd": `${thin} var(--mantine-color-default-border)`,
    };
  }
  if (variant === "subtle") {
    const name = color === "gray" ? "gray" : "harbour";
    return {
      "--button-bg": "transparent",
      "--button-hover": `var(--mantine-color-${name}-light-hover)`,
      "--button-color": `var(--mantine-color-${name}-light-color)`,
      "--button-bd": `${thin} transparent`,
    };
  }
  if (color === "red.9") {
    return {
      "--button-bg": "var(--mantine-color-red-9)",
      "--button-hover": "var(--mantine-color-red-8)",
      "--button-color": "var(--mantine-color-white)",
      "--button-bd": `${thin} transparent`,
    };
  }
  return { "--button-color": "var(--mantine-color-white)" };
}
