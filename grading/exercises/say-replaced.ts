import { stringify } from "yaml";
import type { z } from "zod";

interface Replaced {
  profile?: unknown;
  kubernetes?: unknown;
}

/** What to write instead of the keys that exercises had before there were facilities; null: they are not there. */
function replacement(file: Replaced): { key: keyof Replaced; message: string } | null {
  const { profile, kubernetes } = file;
  if (profile === undefined && kubernetes === undefined) return null;
  if (profile === undefined)
    return {
      key: "kubernetes",
      message: `stands under facilities now; instead write ${asFacility(kubernetes)}`,
    };
  const gone = kubernetes === undefined ? "profile" : "profile and kubernetes";
  const message =
    profile === "kubernetes"
      ? `is replaced by facilities; instead of ${gone} write ${asFacility(kubernetes)}`
      : profile === "docker"
        ? `is replaced by facilities, and every machine has Docker; remove ${kubernetes === undefined ? "it" : "it and kubernetes"}`
        : "is replaced by facilities; remove it, and name under facilities what the machine must have";
  return { key: "profile", message };
}

const asFacility = (settings: unknown) =>
  stringify({ facilities: { kubernetes: settings ?? {} } }, { collectionStyle: "flow", lineWidth: 0 })
    .trim()
    .replace(/^\{ (.*) \}$/, "$1");

/** Refuses those keys once, with the author's own settings as they are written now; `schema` takes them as they are. */
export const sayReplaced = <Schema extends z.ZodType<Replaced>>(schema: Schema): Schema =>
  schema.superRefine(
    (file, context) => {
      const said = replacement(file);
      if (said !== null) context.addIssue({ code: "custom", path: [said.key], message: said.message });
    },
    // An old file may have other mistakes, and this one explains some of them.
    { when: ({ value }) => typeof value === "object" && value !== null },
  );
