import type { Part } from "../../kit/credit/share-credit.ts";

/** What happened to pods of a StatefulSet, in the order in which it did. */
export interface PodEvent {
  type: "made" | "ready" | "ending" | "gone";
  pod: string;
}

/** Judges that each pod was made only once the one before it was ready. names are in order, web-0 first. */
export function judgeStart(what: string, names: string[], events: PodEvent[]): Part {
  const early = pairs(names).find(([before, pod]) => !isBefore(events, ["ready", before], ["made", pod]));
  return {
    expected: `The pods of ${what} start one after the other: ${names.join(", ")}`,
    problem: early
      ? {
          happened: `Pod ${early[1]} was made before pod ${early[0]} was ready. In order: ${inWords(events)}.`,
          fix: orderFix,
        }
      : null,
  };
}

/** Judges that each pod began to end only once the one after it was gone. */
export function judgeStop(what: string, names: string[], events: PodEvent[]): Part {
  const early = pairs(names).find(([pod, after]) => !isBefore(events, ["gone", after], ["ending", pod]));
  return {
    expected: `When ${what} is scaled down, the last pod ends first: ${names.toReversed().join(", ")}`,
    problem: early
      ? {
          happened: `Pod ${early[0]} began to end before pod ${early[1]} was gone. In order: ${inWords(events)}.`,
          fix: orderFix,
        }
      : null,
  };
}

const orderFix =
  "Remove podManagementPolicy: Parallel, so that the StatefulSet keeps to the order (OrderedReady).";

const pairs = (names: string[]) =>
  names.slice(1).map((name, at): [string, string] => [names[at] ?? "", name]);

function isBefore(
  events: PodEvent[],
  [firstType, first]: [PodEvent["type"], string],
  [secondType, second]: [PodEvent["type"], string],
): boolean {
  const at = events.findIndex(({ type, pod }) => type === firstType && pod === first);
  const later = events.findIndex(({ type, pod }) => type === secondType && pod === second);
  return at !== -1 && at < later;
}

const words = { made: "made", ready: "ready", ending: "ending", gone: "gone" };
const inWords = (events: PodEvent[]) => events.map(({ type, pod }) => `${pod} ${words[type]}`).join(", ");
