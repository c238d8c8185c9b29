import { type ComponentProps, useId } from "react";
import { FieldFrame, type FieldParts, fieldClasses, told } from "./field.tsx";

type TextAreaProps = Omit<ComponentProps<"textarea">, "size"> & FieldParts;

/** Mantine's field of several lines without its code. */
export function TextArea({
  label,
  description,
  error,
  id,
  size,
  withAsterisk,
  className,
  ...area
}: TextAreaProps) {
  const own = useId();
  const name = id ?? own;
  return (
    <FieldFrame
      {...{ id: name, kind: "Textarea", label, size, withAsterisk, description, error }}
      rootProps={{ className }}
      wrapperProps={{ "data-multiline": true }}
    >
      <textarea
        rows={4}
        {...area}
        {...told(name, { description, error })}
        className={`${fieldClasses.input} mantine-Textarea-input`}
        data-variant="default"
        data-error={error ? true : undefined}
        id={name}
      />
    </FieldFrame>
  );
}
