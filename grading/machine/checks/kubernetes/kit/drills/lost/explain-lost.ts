import type { V1Deployment } from "@kubernetes/client-node";
import { type CountOrPercent, rollingBounds } from "../judge-surge.ts";
import type { FailedRequest } from "../load/steady-load.ts";

/** What is known of a drill in which requests failed. */
export interface LostFacts {
  /** Such as “Deployment web”. */
  what: string;
  failures: readonly FailedRequest[];
  /** What the pods were like; see factsOf. */
  replicas: number;
  hasReadinessProbe: boolean;
  hasPreStop: boolean;
  recreates: boolean;
  /** As the Deployment states it, and how many replicas may be missing then. */
  maxUnavailable: CountOrPercent | undefined;
  mayBeMissing: number;
  /** Whether the drill replaced pods by others of a new revision: only then does the strategy decide. */
  replaces: boolean;
  /** When pods were told to end, and when they became ready, in milliseconds of the drill. */
  endings: readonly number[];
  becameReady: readonly number[];
  /** Moments at which the Service had no ready address, or no pod was ready. */
  deserted: readonly number[];
}

export interface LostExplained {
  happened: string;
  fix: string;
}

/** After this long nothing of a pod's beginning or end is to be seen in the traffic any more. */
const traceMs = 4000;
/** The nodes hear of a change of the addresses a moment later, and moments are looked at a few times a second. */
const lookedMs = 300;
const followMs = 1500;
/** The part of all failures from which a second cause is named too. */
const worthNaming = 0.2;

/** What may make requests fail, as the end of a sentence after “they failed”, and what to do about it. */
interface Cause {
  explained: FailedRequest[];
  failed: string;
  fix: string;
}

/**
 * The cause that explains most of the lost requests while pods came and went, and what to do about it; with a second
 * one where that explains a good part. A request that was sent while no pod was ready is explained by that alone: there
 * always are pods that end or start nearby.
 */
export function explainLost(facts: LostFacts): LostExplained {
  const { failures } = facts;
  const deserted = failures.filter((failure) => wasDeserted(facts, failure));
  const others = failures.filter((failure) => !deserted.includes(failure));
  const atStarts = facts.hasReadinessProbe ? [] : others.filter(near(facts.becameReady));
  // With a preStop a pod goes on answering, while the new one that took its place does not listen yet.
  const atEnds = others
    .filter(near(facts.endings))
    .filter((one) => !facts.hasPreStop || !atStarts.includes(one));
  const causes: Cause[] = [
    { explained: deserted, ...explainDeserted(facts) },
    { explained: atStarts, ...explainStarts(facts) },
    { explained: atEnds, ...explainEnds(facts) },
  ];
  return (
    nameMost(causes, failures.length) ?? {
      happened: `The pods of ${facts.what} were there, but did not answer all requests.`,
      fix: "Look at what the program does under steady load, and give its container the CPU and memory that this takes.",
    }
  );
}

/** null when none of them explains anything; of equals, the earlier is named first. */
function nameMost(causes: Cause[], failed: number): LostExplained | null {
  const [first, second] = causes.sort((a, b) => b.explained.length - a.explained.length);
  if (!first || first.explained.length === 0) return null;
  const which = first.explained.length === failed ? "They" : `${first.explained.length} of them`;
  const told = { happened: `${which} failed ${first.failed}`, fix: first.fix };
  if (!second || second.explained.length < Math.max(1, failed * worthNaming)) return told;
  return {
    happened: `${told.happened} ${second.explained.length} failed ${second.failed}`,
    fix: `${told.fix} ${second.fix}`,
  };
}

const wasDeserted = ({ deserted }: LostFacts, { atMs }: FailedRequest) =>
  deserted.some((moment) => moment - lookedMs <= atMs && atMs <= moment + followMs);

const near =
  (moments: readonly number[]) =>
  ({ atMs, tookMs }: FailedRequest) =>
    moments.some((moment) => moment - tookMs <= atMs + 500 && atMs <= moment + traceMs);

function explainDeserted({
  what,
  replicas,
  recreates,
  replaces,
  maxUnavailable,
  mayBeMissing,
}: LostFacts): Omit<Cause, "explained"> {
  if (recreates && replaces)
    return {
      failed: `while no pod was ready: ${what} has strategy Recreate, so all its old pods end before a new one starts.`,
      fix: "Remove strategy.type: Recreate; RollingUpdate is the default.",
    };
  if (replaces && mayBeMissing >= replicas)
    return {
      failed: `while no pod of ${what} was ready: with maxUnavailable: ${maxUnavailable ?? "25%"}, all its old pods may end before a new one is ready.`,
      fix: "Set strategy.rollingUpdate.maxUnavailable to 0, and maxSurge to 1 or more.",
    };
  if (replicas === 1)
    return {
      failed: `while no pod was ready: ${what} has one replica, and while it is away, nothing answers.`,
      fix: "Set spec.replicas to 2 or more, so that another pod answers meanwhile.",
    };
  return {
    failed: `while no pod of ${what} was ready, although ${replicas} are asked for${replaces ? ` and maxUnavailable lets no more than ${mayBeMissing} be missing` : ""}: pods that were ready ended by themselves or failed their readinessProbe.`,
    fix: "Let the pods stay ready until they are told to end: look at their restarts and at what their readinessProbe asks.",
  };
}

const explainStarts = ({ what }: LostFacts) => ({
  failed: `as pods started: the containers of ${what} have no readinessProbe, so each new pod counts as ready as soon as its process starts, before its program listens.`,
  fix: "Add a readinessProbe that asks the port that the Service sends to, such as httpGet.",
});

const explainEnds = ({ hasPreStop }: LostFacts) =>
  hasPreStop
    ? {
        failed: `while pods ended, although there is a preStop: the program cut what was under way at SIGTERM, or ended before the preStop was over.`,
        fix: "Let the program stop to accept, finish what is under way and then end at SIGTERM; let preStop sleep for about 5 s, less than terminationGracePeriodSeconds.",
      }
    : {
        failed: `while pods ended: a program that ends at SIGTERM at once is gone before every node knows that its address is no longer to be used.`,
        fix: "Add lifecycle.preStop.sleep.seconds: 5 to the container: it goes on answering until the endpoints have changed. Let the program finish what is under way at SIGTERM.",
      };

/** As explainLost, when more requests than may be were lost as a pod was ended from outside, without SIGTERM. */
export function explainAbrupt(facts: LostFacts): LostExplained {
  const { what, replicas, failures } = facts;
  const deserted = failures.filter((failure) => wasDeserted(facts, failure));
  const others = failures.filter((failure) => !deserted.includes(failure));
  const atStarts = facts.hasReadinessProbe ? [] : others.filter(near(facts.becameReady));
  const causes: Cause[] = [
    {
      explained: deserted,
      ...(replicas === 1
        ? explainDeserted(facts)
        : {
            failed: `while no pod of ${what} was ready, so its Service had nowhere to send to.`,
            fix: "Run more replicas, and keep them apart: on other nodes, with podAntiAffinity or topologySpreadConstraints.",
          }),
    },
    { explained: atStarts, ...explainStarts(facts) },
    {
      explained: others.filter((failure) => !atStarts.includes(failure)),
      failed: "as they went to the pod that was lost, until the cluster saw that it was gone.",
      fix: facts.hasReadinessProbe
        ? "Run more replicas, so that a smaller share goes to each; let readinessProbe ask often (periodSeconds: 1) and fail early (failureThreshold: 1)."
        : "Run more replicas, so that a smaller share goes to each; add a readinessProbe that asks often (periodSeconds: 1) and fails early (failureThreshold: 1).",
    },
  ];
  const named = nameMost(causes, failures.length);
  if (!named) throw new Error("No request failed, so there is nothing to explain.");
  return named;
}

/** What a Deployment says about how its pods come and go. */
export function factsOf(
  deployment: V1Deployment,
): Pick<
  LostFacts,
  "replicas" | "hasReadinessProbe" | "hasPreStop" | "recreates" | "maxUnavailable" | "mayBeMissing"
> {
  const all = deployment.spec?.template.spec?.containers ?? [];
  // A helper beside the program takes no requests: what it has is nothing for them.
  const declared = all.filter(({ ports = [] }) => ports.length > 0);
  const containers = declared.length > 0 ? declared : all;
  const replicas = deployment.spec?.replicas ?? 1;
  const { type, rollingUpdate } = deployment.spec?.strategy ?? {};
  return {
    replicas,
    hasReadinessProbe: containers.some(({ readinessProbe }) => readinessProbe !== undefined),
    hasPreStop: containers.some(({ lifecycle }) => lifecycle?.preStop !== undefined),
    recreates: type === "Recreate",
    maxUnavailable: rollingUpdate?.maxUnavailable,
    mayBeMissing: rollingBounds(rollingUpdate?.maxSurge, rollingUpdate?.maxUnavailable, replicas).unavailable,
  };
}
