import type { V1Deployment } from "@kubernetes/client-node";
import type { Part } from "../../../../kit/credit/share-credit.ts";
import type { ReplicaCount } from "../judge-surge.ts";
import { lostInWords } from "../load/lost-in-words.ts";
import type { LoadTotals } from "../load/steady-load.ts";
import type { Drill } from "../record-timeline.ts";
import { explainAbrupt, explainLost, factsOf } from "./explain-lost.ts";

export interface LostQuestion {
  /** Begins the sentence, such as “During the update”. */
  when: string;
  allowed: number;
  load: LoadTotals;
  deployment: V1Deployment;
  drill: Pick<Drill, "endings" | "becameReady" | "deserted" | "counts">;
  /** What came before is another drill's. */
  sinceMs: number;
  /** Whether pods were ended from outside, without SIGTERM. */
  abrupt?: boolean;
  /** Whether pods were replaced by those of another revision. */
  replaces?: boolean;
}

/** Whether no more requests were lost in a drill than may be, and why if there were. */
export function judgeLost({
  when,
  allowed,
  load,
  deployment,
  drill,
  sinceMs,
  abrupt = false,
  replaces = false,
}: LostQuestion): Part {
  const most =
    allowed === 0
      ? "no request is lost"
      : `at most ${allowed} ${allowed === 1 ? "request is" : "requests are"} lost`;
  const expected = `${when}, ${most}`;
  if (load.failed <= allowed) return { expected, problem: null };
  const since = (moments: Iterable<number>) => [...moments].filter((moment) => moment >= sinceMs);
  const facts = {
    what: `Deployment ${deployment.metadata?.name}`,
    ...factsOf(deployment),
    failures: load.failures,
    endings: since(drill.endings.values()),
    becameReady: since(drill.becameReady.values()),
    deserted: since([...drill.deserted, ...withoutReady(drill.counts)]),
    replaces,
  };
  const explained = abrupt ? explainAbrupt(facts) : explainLost(facts);
  return {
    expected,
    problem: { happened: `${lostInWords(load)} ${explained.happened}`, fix: explained.fix },
  };
}

/** From when until when no pod was ready: shorter than the drill looks at the Service, it may be seen here alone. */
const withoutReady = (counts: readonly ReplicaCount[]) =>
  counts.flatMap(({ atMs, ready }, at) => (ready === 0 ? [atMs, counts[at + 1]?.atMs ?? atMs] : []));
