import { JSONPath } from "jsonpath-plus";
import type { RightAnswer } from "./compare-answer.ts";

/** The values that a JSONPath finds, of scalars only; without scripts or filters. Also in kubectl's form {.spec.x}. */
export function readField(object: object, path: string): (string | number | boolean)[] {
  const bare = path.replace(/^\{(.*)\}$/, "$1");
  const full = bare.startsWith("$")
    ? bare
    : `$${bare.startsWith(".") || bare.startsWith("[") ? "" : "."}${bare}`;
  const found = JSONPath<unknown[]>({ path: full, json: object, eval: false, wrap: true });
  return found
    .flat()
    .filter((value) => typeof value === "string" || typeof value === "number" || typeof value === "boolean");
}

/** What is right where these values were found: by their own type unless said; nothing is “none”. */
export function rightAnswer(
  values: readonly (string | number | boolean)[],
  as?: RightAnswer["form"],
): RightAnswer {
  const texts = [...new Set(values.map(String))];
  const [first] = values;
  if (first === undefined) return { form: "text", values: ["none", "no", "nothing", "null", "-", "<none>"] };
  if (texts.length > 1) return { form: "list", values: texts };
  const own = typeof first === "number" ? "number" : typeof first === "boolean" ? "boolean" : "text";
  return { form: as ?? own, values: texts };
}
