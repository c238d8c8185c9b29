import type { z } from "zod";
import { type CheckDefinition, defineCheck } from "../../../kit/define-check.ts";
import type { CheckKind } from "../../../kit/define-kind.ts";
import { type Concerned, showConcerned } from "./show-concerned.ts";

/** Settings by which kinds of checks name what they look at. */
const keys = {
  deployment: "Deployment",
  statefulSet: "StatefulSet",
  daemonSet: "DaemonSet",
  job: "Job",
  pod: "Pod",
  service: "Service",
} as const;

/**
 * As defineCheck, for a kind that looks at pods: when it fails, its student sees what the pods that its settings name
 * wrote last, and what the cluster said about them. containers: of how many, where others are shown too.
 */
export function defineClusterCheck<Settings extends z.ZodType<object>>(
  kind: CheckKind<Settings>,
  run: CheckDefinition<Settings>["run"],
  { containers = 2 }: { containers?: number } = {},
): CheckDefinition<Settings> {
  return defineCheck(kind, async (context, settings) => {
    const said = await run(context, settings);
    if (said.verdict === "failed") await showConcerned(context, concernedBy(settings), containers);
    return said;
  });
}

/** A drill shows its failed requests, and what a pod that it ended wrote. */
export const drillShows = { containers: 1 };

export function concernedBy(settings: object): Concerned {
  const stated = settings as Partial<Record<string, unknown>>;
  const named = Object.entries(keys).flatMap(([key, kind]) => {
    const name = stated[key];
    return typeof name === "string" ? [{ kind, name }] : [];
  });
  return { namespace: typeof stated.namespace === "string" ? stated.namespace : undefined, named };
}
