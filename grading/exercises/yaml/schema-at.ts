import type { z } from "zod";

type Keys = readonly (string | number)[];

/** What a schema asks of a value that is there, without what it says of one that is not. */
export function bare(schema: z.core.$ZodType): z.core.$ZodType {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case "optional":
    case "nullable":
    case "default":
    case "prefault":
    case "readonly":
      return bare(def.innerType);
    case "pipe":
      return bare(def.in);
    default:
      return schema;
  }
}

/** The schema of what the keys lead to in a value; null where the value chooses none. */
export function schemaAt(schema: z.core.$ZodType, keys: Keys, value: unknown): z.core.$ZodType | null {
  const inner = bare(schema);
  const [key, ...others] = keys;
  if (key === undefined) return inner;
  const { def } = (inner as z.core.$ZodTypes)._zod;
  const below = (value as Record<string | number, unknown> | null | undefined)?.[key];
  if (def.type === "array") return schemaAt(def.element, others, below);
  if (def.type === "record") return schemaAt(def.valueType, others, below);
  if (def.type === "object") {
    const member = (def.shape as Record<string, z.core.$ZodType>)[key];
    return member === undefined ? null : schemaAt(member, others, below);
  }
  if (def.type === "union" && "discriminator" in def) {
    const { discriminator } = def as z.core.$ZodDiscriminatedUnionDef;
    const chosen = (value as Record<string, unknown> | null)?.[discriminator];
    const option = def.options.find((each) =>
      schemaAt(each, [discriminator], value)?._zod.values?.has(chosen as z.core.util.Primitive),
    );
    return option === undefined ? null : schemaAt(option, keys, value);
  }
  // The form that the author's names fit, such as { env } of { image } or { env }.
  if (def.type === "union") {
    const found = def.options.map((option) => schemaAt(option, keys, value));
    return found.find((each) => each !== null) ?? null;
  }
  return null;
}
