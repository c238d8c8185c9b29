import type { V1Pod } from "@kubernetes/client-node";
import type { Part } from "../../kit/credit/share-credit.ts";
import type { TextMatch } from "../../kit/settings/settings.ts";
import { matchInWords, textMatches } from "../../kit/words/match-text.ts";
import { lastLineInWords } from "../../kit/words/quote-output.ts";
import type { KubernetesClients } from "./api/clients.ts";
import { readLog } from "./pods/explain-pods.ts";

/** Whether a Job's pod that succeeded wrote what it must. */
export async function judgeJobLog(
  clients: KubernetesClients,
  what: string,
  pods: V1Pod[],
  wanted: TextMatch,
): Promise<Part> {
  const pod = pods.find((each) => each.status?.phase === "Succeeded");
  const container = pod?.spec?.containers[0]?.name ?? "";
  const output = pod ? await readLog(clients, pod, container, { lines: 1000 }) : "";
  return {
    expected: `${what} writes ${matchInWords(wanted)}`,
    problem: textMatches(wanted, output)
      ? null
      : {
          happened: `${what}: its pod ${pod?.metadata?.name ?? ""} ended well. ${lastLineInWords(output)}`,
          fix: `Make its program write ${matchInWords(wanted)} to standard output.`,
        },
  };
}

/** Whether a field has the value that an exercise asks for; null when it asks for none. */
export function fieldPart(what: string, field: string, wanted: unknown, given: unknown): Part | null {
  if (wanted === undefined) return null;
  return {
    expected: `${what} has ${field}: ${wanted}`,
    problem:
      given === wanted
        ? null
        : {
            happened: `${what} has ${given === undefined || given === null ? `no ${field}` : `${field}: ${given}`}.`,
            fix: `Write ${field}: ${wanted}.`,
          },
  };
}
