import { randomUUID } from "node:crypto";

/** Of a form: 0.kind, 0.id, 0.text, 0.low and so on; a question with 0.remove is left out, and a new one has no id. */
export function readPlanForm(form: Record<string, unknown>): unknown[] {
  const indexes = Object.keys(form).flatMap((name) =>
    /^\d{1,2}\.kind$/.test(name) ? [Number.parseInt(name, 10)] : [],
  );
  return indexes
    .sort((a, b) => a - b)
    .flatMap((index) => {
      const field = (name: string) => String(form[`${index}.${name}`] ?? "").trim();
      const [kind, words] = [field("kind"), field("text")];
      const isNew = field("id") === "";
      if (field("remove") !== "" || (isNew && words === "")) return [];
      const id = isNew ? `${kind}-${randomUUID().slice(0, 8)}` : field("id");
      if (kind !== "scale") return [{ kind, id, text: words }];
      const [low, middle, high] = [field("low"), field("middle"), field("high")];
      return [{ kind, id, text: words, low, middle, high, points: Number(field("points") || Number.NaN) }];
    });
}
