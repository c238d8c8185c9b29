import type { ComponentProps, CSSProperties, ReactNode } from "react";
import { type ButtonLook, buttonClasses, buttonStyle } from "./button-look.ts";

interface ButtonParts extends ButtonLook {
  leftSection?: ReactNode;
  /** Shows a spinner in place of the label, and takes no press. */
  loading?: boolean;
}

type ButtonProps = Omit<ComponentProps<"button">, "color"> & ButtonParts;

/** Mantine's button without its code: it looks the same, and a page of text need not load Mantine for it. */
export function Button({
  leftSection,
  loading,
  variant,
  size,
  color,
  className,
  style,
  disabled,
  type = "button",
  children,
  ...rest
}: ButtonProps) {
  const off = disabled || loading;
  return (
    <button
      {...rest}
      {...lookOf({ variant, size, color, leftSection }, off ? buttonClasses.still : buttonClasses.root, {
        className,
        style,
      })}
      type={type}
      disabled={off || undefined}
      data-disabled={disabled || undefined}
      data-loading={loading || undefined}
    >
      {loading ? <Spinner /> : null}
      <Inner leftSection={leftSection} loading={loading}>
        {children}
      </Inner>
    </button>
  );
}

type ButtonLinkProps = Omit<ComponentProps<"a">, "color"> & ButtonLook & Pick<ButtonParts, "leftSection">;

/** A real link that looks like a button. */
export function ButtonLink({
  leftSection,
  variant,
  size,
  color,
  className,
  style,
  children,
  ...rest
}: ButtonLinkProps) {
  return (
    <a {...rest} {...lookOf({ variant, size, color, leftSection }, buttonClasses.root, { className, style })}>
      <Inner leftSection={leftSection}>{children}</Inner>
    </a>
  );
}

function lookOf(
  { variant, size, color, leftSection }: ButtonParts,
  classes: string,
  own: { className?: string; style?: CSSProperties },
) {
  return {
    className: own.className ? `${own.className} ${classes}` : classes,
    style: { ...buttonStyle({ variant, size, color }), ...own.style },
    "data-variant": variant,
    "data-size": size,
    "data-with-left-section": leftSection ? true : undefined,
  };
}

function Inner({
  leftSection,
  loading,
  children,
}: Pick<ButtonParts, "leftSection" | "loading"> & { children: ReactNode }) {
  return (
    <span className={buttonClasses.inner}>
      {leftSection ? (
        <span className={buttonClasses.section} data-position="left">
          {leftSection}
        </span>
      ) : null}
      <span className={buttonClasses.label} data-loading={loading || undefined}>
        {children}
      </span>
    </span>
  );
}

const spinnerPlace: CSSProperties = {
  opacity: 1,
  transform: "translate(-50%, calc(-50% + calc(0.0625rem * var(--mantine-scale))))",
};
const spinnerSize = {
  "--loader-size": "calc(var(--button-height) / 1.8)",
  "--loader-color": "var(--button-color)",
} as CSSProperties;

function Spinner() {
  return (
    <span className={buttonClasses.loader} style={spinnerPlace} aria-hidden>
      <span className={buttonClasses.spinner} style={spinnerSize} />
    </span>
  );
}
