import type { z } from "zod";
import { bare } from "./schema-at.ts";

/** How a map is called to people who write YAML. */
export const settingsWords = "settings (name: value)";

/** What a value must be by its schema, such as "a whole number from 1 to 3". */
export function wanted(schema: z.core.$ZodType): string {
  const inner = bare(schema);
  const { def } = (inner as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case "number":
      return wantedNumber(def);
    case "string":
      return `text${sized(def, "character")}`;
    case "boolean":
      return "true or false";
    case "null":
      return "null";
    case "array":
      return `a list${sized(def, "item")}`;
    case "object":
    case "record":
      return settingsWords;
    case "enum":
      return oneOf(Object.values(def.entries));
    case "literal":
      return oneOf(def.values);
    case "union":
      return [...new Set(def.options.map(wanted))].join(" or ");
    default:
      return "another value";
  }
}

interface Bounds {
  isWhole: boolean;
  least?: number;
  most?: number;
  /** Exclusive. */
  above?: number;
}

/** What the checks on a number say of it, or those on a text or a list of its length. */
function boundsOf(schema: z.core.$ZodTypeDef): Bounds {
  const bounds: Bounds = { isWhole: "format" in schema && schema.format === "safeint" };
  for (const { _zod } of schema.checks ?? []) {
    const def = (_zod as unknown as z.core.$ZodChecks["_zod"]).def;
    if (def.check === "number_format") bounds.isWhole = def.format === "safeint";
    else if (def.check === "min_length") bounds.least = def.minimum;
    else if (def.check === "max_length") bounds.most = def.maximum;
    else if (def.check === "less_than") bounds.most = Number(def.value);
    else if (def.check === "greater_than") bounds[def.inclusive ? "least" : "above"] = Number(def.value);
  }
  return bounds;
}

function wantedNumber(schema: z.core.$ZodTypeDef): string {
  const { isWhole, above, most, ...stated } = boundsOf(schema);
  const words = isWhole ? "a whole number" : "a number";
  if (above === undefined || stated.least !== undefined) return `${words}${between(stated.least, most)}`;
  if (isWhole) return `${words}${between(above + 1, most)}`;
  return `${words} above ${above}${most === undefined ? "" : ` and at most ${most}`}`;
}

function sized(schema: z.core.$ZodTypeDef, unit: string): string {
  const { least, most } = boundsOf(schema);
  const range = between(least, most);
  if (range === "") return "";
  return `${range.replace(/^ (from|of)?/, " of")} ${unit}${(most ?? least) === 1 ? "" : "s"}`;
}

function between(least: number | undefined, most: number | undefined): string {
  if (least !== undefined && most !== undefined)
    return least === most ? ` ${least}` : ` from ${least} to ${most}`;
  if (least !== undefined) return ` of at least ${least}`;
  return most === undefined ? "" : ` of at most ${most}`;
}

function oneOf(values: readonly unknown[]): string {
  const [only] = values;
  return values.length === 1 ? String(only) : `one of ${values.join(", ")}`;
}
