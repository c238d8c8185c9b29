import type { V1LabelSelector } from "@kubernetes/client-node";

/** A label selector as the API takes it in a query; nothing stated selects everything. */
export function selectorText(selector: V1LabelSelector | undefined): string {
  const labels = Object.entries(selector?.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  const rules = (selector?.matchExpressions ?? []).map(({ key, operator, values = [] }) => {
    if (operator === "Exists") return key;
    if (operator === "DoesNotExist") return `!${key}`;
    return `${key} ${operator === "In" ? "in" : "notin"} (${values.join(",")})`;
  });
  return [...labels, ...rules].join(",");
}

/** Whether a label selector picks something with these labels. */
export function selects(selector: V1LabelSelector, labels: Record<string, string>): boolean {
  const stated = Object.entries(selector.matchLabels ?? {});
  if (!stated.every(([key, value]) => labels[key] === value)) return false;
  return (selector.matchExpressions ?? []).every(({ key, operator, values = [] }) => {
    const value = labels[key];
    if (operator === "Exists") return value !== undefined;
    if (operator === "DoesNotExist") return value === undefined;
    if (operator === "In") return value !== undefined && values.includes(value);
    return value === undefined || !values.includes(value);
  });
}

/** Labels for a sentence, such as app=web, tier=front; “no labels” when there are none. */
export const labelsInWords = (labels: Record<string, string> | undefined) =>
  Object.entries(labels ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .join(", ") || "no labels";
