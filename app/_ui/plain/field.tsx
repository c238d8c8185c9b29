import { type ComponentProps, type CSSProperties, type ReactNode, useId } from "react";

/** The classes of Mantine's fields, by their parts; plain.test.tsx holds them to what Mantine itself renders. */
const classes = {
  root: "m_46b77525 mantine-InputWrapper-root",
  label: "m_8fdc1311 mantine-InputWrapper-label",
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

interface FieldParts {
  /** Without one, say aria-label. */
  label?: ReactNode;
  size?: "xs" | "sm";
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

function Frame({
  id,
  kind,
  label,
  size = "sm",
  description,
  error,
  rootProps: { className, ...rootProps } = {},
  leftSection,
  wrapperStyle,
  wrapperProps,
  children,
}: FrameProps) {
  const part = (name: keyof typeof classes) => `${classes[name]} mantine-${kind}-${name}`;
  const bad = error ? true : undefined;
  return (
    <div
      className={className ? `${className} ${part("root")}` : part("root")}
      data-size={size}
      data-error={bad}
      {...rootProps}
    >
      {label ? (
        <label className={part("label")} style={sizes.label} data-size={size} htmlFor={id} id={`${id}-label`}>
          {label}
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
function told(id: string, { description, error }: Omit<FieldParts, "label">) {
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
  leftSection,
  className,
  inputClassName,
  "data-grow": grow,
  ...input
}: TextInputProps & { inputClassName?: string }) {
  const own = useId();
  const name = id ?? own;
  return (
    <Frame
      {...{ id: name, kind: "TextInput", label, size, description, error, leftSection }}
      rootProps={{ className, "data-grow": grow }}
    >
      <input
        {...input}
        {...told(name, { description, error })}
        className={`${inputClassName ? `${inputClassName} ` : ""}${classes.input} mantine-TextInput-input`}
        data-variant="default"
        data-error={error ? true : undefined}
        id={name}
      />
    </Frame>
  );
}

interface NativeSelectProps extends Omit<ComponentProps<"select">, "size" | "children"> {
  label?: ReactNode;
  size?: "xs" | "sm";
  data: readonly (string | { value: string; label: string })[];
}

/** Mantine's select of the browser's own list, without its code. */
export function NativeSelect({ label, size, data, id, style, ...select }: NativeSelectProps) {
  const own = useId();
  const name = id ?? own;
  return (
    <Frame
      {...{ id: name, kind: "NativeSelect", label, size }}
      rootProps={{ style }}
      wrapperStyle={{ "--input-right-section-pointer-events": "none" }}
      wrapperProps={{ "data-pointer": true, "data-with-right-section": true }}
    >
      <select
        {...select}
        className={`${classes.input} mantine-NativeSelect-input`}
        data-variant="default"
        id={name}
      >
        {data
          .map((one) => (typeof one === "string" ? { value: one, label: one } : one))
          .map((one) => (
            <option key={one.value} value={one.value}>
              {one.label}
            </option>
          ))}
      </select>
      <div data-position="right" className={`${classes.section} mantine-NativeSelect-section`}>
        <Chevron size={size ?? "sm"} />
      </div>
    </Frame>
  );
}

function Chevron({ size }: { size: "xs" | "sm" }) {
  return (
    <svg
      style={{ "--combobox-chevron-size": `var(--combobox-chevron-size-${size})` } as CSSProperties}
      className="m_2943220b mantine-ComboboxChevron-chevron"
      data-size={size}
      data-combobox-chevron
      viewBox="0 0 15 15"
      fill="none"
      xmlns="http://www.w3.org/2000/svg"
      aria-hidden
    >
      <path
        d="M4.93179 5.43179C4.75605 5.60753 4.75605 5.89245 4.93179 6.06819C5.10753 6.24392 5.39245 6.24392 5.56819 6.06819L7.49999 4.13638L9.43179 6.06819C9.60753 6.24392 9.89245 6.24392 10.0682 6.06819C10.2439 5.89245 10.2439 5.60753 10.0682 5.43179L7.81819 3.18179C7.73379 3.0974 7.61933 3.04999 7.49999 3.04999C7.38064 3.04999 7.26618 3.0974 7.18179 3.18179L4.93179 5.43179ZM10.0682 9.56819C10.2439 9.39245 10.2439 9.10753 10.0682 8.93179C9.89245 8.75606 9.60753 8.75606 9.43179 8.93179L7.49999 10.8636L5.56819 8.93179C5.39245 8.75606 5.10753 8.75606 4.93179 8.93179C4.75605 9.10753 4.75605 9.39245 4.93179 9.56819L7.18179 11.8182C7.35753 11.9939 7.64245 11.9939 7.81819 11.8182L10.0682 9.56819Z"
        fill="currentColor"
        fillRule="evenodd"
        clipRule="evenodd"
      />
    </svg>
  );
}
