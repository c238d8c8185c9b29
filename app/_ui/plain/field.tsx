import { type ComponentProps, type CSSProperties, type ReactNode, useId } from "react";

/** The classes of Mantine's fields, by their parts; plain.test.tsx holds them to what Mantine itself renders. */
export const fieldClasses = {
  root: "m_46b77525 mantine-InputWrapper-root",
  label: "m_8fdc1311 mantine-InputWrapper-label",
  required: "m_78a94662 mantine-InputWrapper-required",
  description: "m_fe47ce59 mantine-InputWrapper-description",
  error: "m_8f816625 mantine-InputWrapper-error",
  wrapper: "m_6c018570 mantine-Input-wrapper",
  input: "m_8fb7ebe7 mantine-Input-input",
  section: "m_82577fc2 mantine-Input-section",
};

const small = "calc(var(--mantine-font-size-sm) - calc(0.125rem * var(--mantine-scale)))";
const sizes = {
  label: { "--input-label-size": "var(--mantine-font-size-sm)" } as CSSProperties,
  description: { "--input-description-size": small } as CSSProperties,
  error: { "--input-error-size": small } as CSSProperties,
  below: { "--input-margin-top": "calc(var(--mantine-spacing-xs) / 2)" },
  above: { "--input-margin-bottom": "calc(var(--mantine-spacing-xs) / 2)" },
};

export interface FieldParts {
  /** Without one, say aria-label. */
  label?: ReactNode;
  size?: "xs" | "sm";
  /** Marks the label of a field that must be filled. */
  withAsterisk?: boolean;
  description?: ReactNode;
  error?: ReactNode;
}

interface FrameProps extends FieldParts {
  id: string;
  /** Mantine's name of the field, of which the classes are made. */
  kind: string;
  /** For the frame: how it lies in its form. */
  rootProps?: { className?: string; style?: CSSProperties } & Record<`data-${string}`, unknown>;
  leftSection?: ReactNode;
  wrapperStyle?: Record<string, string>;
  wrapperProps?: Record<`data-${string}`, unknown>;
  children: ReactNode;
}

/** What stands round an input: its label, what it says, and whether it is wrong. */
export function FieldFrame({
  id,
  kind,
  label,
  size = "sm",
  withAsterisk,
  description,
  error,
  rootProps: { className, ...rootProps } = {},
  leftSection,
  wrapperStyle,
  wrapperProps,
  children,
}: FrameProps) {
  const part = (name: keyof typeof fieldClasses) => `${fieldClasses[name]} mantine-${kind}-${name}`;
  const bad = error ? true : undefined;
  return (
    <div
      className={className ? `${className} ${part("root")}` : part("root")}
      data-size={size}
      data-error={bad}
      {...rootProps}
    >
      {label ? (
        <label
          className={part("label")}
          style={sizes.label}
          data-size={size}
          htmlFor={id}
          id={`${id}-label`}
          data-required={withAsterisk || undefined}
        >
          {label}
          {withAsterisk ? (
            <span className={part("required")} aria-hidden>
              {" *"}
            </span>
          ) : null}
        </label>
      ) : null}
      {description ? (
        <p className={part("description")} style={sizes.description} data-size="sm" id={`${id}-description`}>
          {description}
        </p>
      ) : null}
      <div
        className={part("wrapper")}
        style={
          {
            ...(description ? sizes.below : {}),
            ...(error ? sizes.above : {}),
            "--input-height": `var(--input-height-${size})`,
            "--input-fz": `var(--mantine-font-size-${size})`,
            ...wrapperStyle,
          } as CSSProperties
        }
        data-variant="default"
        data-size={size}
        data-error={bad}
        data-with-left-section={leftSection ? true : undefined}
        {...wrapperProps}
      >
        {leftSection ? (
          <div data-position="left" className={part("section")}>
            {leftSection}
          </div>
        ) : null}
        {children}
      </div>
      {error ? (
        <p className={part("error")} style={sizes.error} data-size="sm" id={`${id}-error`}>
          {error}
        </p>
      ) : null}
    </div>
  );
}

/** What describes the field for screen readers, and whether it is wrong. */
export function told(id: string, { description, error }: Omit<FieldParts, "label">) {
  const ids = [error ? `${id}-error` : "", description ? `${id}-description` : ""].filter(Boolean);
  return {
    "aria-describedby": ids.length > 0 ? ids.join(" ") : undefined,
    "aria-invalid": error ? true : undefined,
  } as const;
}

type TextInputProps = Omit<ComponentProps<"input">, "size"> &
  FieldParts & { leftSection?: ReactNode; "data-grow"?: boolean };

/** Mantine's text field without its code, for pages of text and plain forms. */
export function TextInput({
  label,
  description,
  error,
  id,
  size,
  withAsterisk,
  leftSection,
  className,
  inputClassName,
  "data-grow": grow,
  ...input
}: TextInputProps & { inputClassName?: string }) {
  const own = useId();
  const name = id ?? own;
  return (
    <FieldFrame
      {...{ id: name, kind: "TextInput", label, size, withAsterisk, description, error, leftSection }}
      rootProps={{ className, "data-grow": grow }}
    >
      <input
        {...input}
        {...told(name, { description, error })}
        className={`${inputClassName ? `${inputClassName} ` : ""}${fieldClasses.input} mantine-TextInput-input`}
        data-variant="default"
        data-error={error ? true : undefined}
        id={name}
      />
    </FieldFrame>
  );
}
