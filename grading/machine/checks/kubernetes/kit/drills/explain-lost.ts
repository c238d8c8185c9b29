import type { V1Deployment } from "@kubernetes/client-node";
import type { FailedRequest, LoadTotals } from "./steady-load.ts";

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
  /** When pods were told to end, and when they became ready, in milliseconds of the drill. */
  endings: readonly number[];
  becameReady: readonly number[];
  /** Moments at which the Service had no ready address. */
  deserted: readonly number[];
}

export interface LostExplained {
  happened: string;
  fix: string;
}

/** After this long nothing of a pod's beginning or end is to be seen in the traffic any more. */
const traceMs = 4000;

const reasons: Record<FailedRequest["reason"], string> = {
  refused: "had their connection refused",
  cut: "had their connection cut before the answer was whole",
  timeout: "got no answer in time",
  unreachable: "found no way to the address",
  status: "were answered with another status",
  other: "failed otherwise",
};

/** Such as “3 of 400 requests failed: 2 had their connection refused, 1 got no answer in time (first at 4.2 s).” */
export function lostInWords({ sent, failed, failures }: LoadTotals): string {
  if (failed === 0) return `None of ${sent} requests failed.`;
  const counts = new Map<FailedRequest["reason"], number>();
  for (const { reason } of failures) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const each = [...counts]
    .sort((a, b) => b[1] - a[1])
    .map(([reason, count]) => `${count} ${reasons[reason]}${statusesOf(reason, failures)}`);
  const first = Math.min(...failures.map(({ atMs }) => atMs));
  const last = Math.max(...failures.map(({ atMs }) => atMs));
  const when =
    failed === 1
      ? `at ${seconds(first)} s`
      : `between ${seconds(first)} s and ${seconds(last)} s of the drill`;
  return `${failed} of ${sent} requests failed: ${each.join(", ")} (${when}).`;
}

function statusesOf(reason: FailedRequest["reason"], failures: readonly FailedRequest[]): string {
  if (reason !== "status") return "";
  const all = new Set(failures.filter((failure) => failure.reason === "status").map(({ detail }) => detail));
  return ` (${[...all].slice(0, 3).join(", ")})`;
}

const seconds = (ms: number) => (ms / 1000).toFixed(1);

/** The likeliest cause of lost requests while pods came and went, and what to do about it. */
export function explainLost(facts: LostFacts): LostExplained {
  const { what } = facts;
  if (facts.recreates)
    return {
      happened: `${what} has strategy Recreate: all its old pods end before a new one starts.`,
      fix: "Remove strategy.type: Recreate; RollingUpdate is the default.",
    };
  if (facts.replicas === 1 && facts.deserted.length > 0)
    return {
      happened: `${what} has one replica: while it is away, nothing answers.`,
      fix: "Set spec.replicas to 2 or more, so that another pod answers meanwhile.",
    };
  const near = (moments: readonly number[]) =>
    facts.failures.filter(({ atMs, tookMs }) =>
      moments.some((moment) => moment - tookMs <= atMs + 500 && atMs <= moment + traceMs),
    ).length;
  const atEnds = near(facts.endings);
  const atStarts = near(facts.becameReady);
  if (!facts.hasReadinessProbe && atStarts > 0 && (atStarts >= atEnds || facts.hasPreStop))
    return {
      happened: `The containers of ${what} have no readinessProbe, so each new pod counts as ready as soon as its process starts, before its program listens.`,
      fix: "Add a readinessProbe that asks the port that the Service sends to, such as httpGet.",
    };
  if (atEnds > 0 && !facts.hasPreStop)
    return {
      happened: `They failed while pods ended: a program that ends at SIGTERM at once is gone before every node knows that its address is no longer to be used.`,
      fix: "Add lifecycle.preStop.sleep.seconds: 5 to the container: it goes on answering until the endpoints have changed. Let the program finish what is under way at SIGTERM.",
    };
  if (atEnds > 0)
    return {
      happened: `They failed while pods ended, although there is a preStop: the program cut what was under way at SIGTERM, or ended before the preStop was over.`,
      fix: "Let the program stop to accept, finish what is under way and then end at SIGTERM; let preStop sleep for about 5 s, less than terminationGracePeriodSeconds.",
    };
  if (facts.deserted.length > 0)
    return {
      happened: `For a while no pod of ${what} was ready, so its Service had nowhere to send to.`,
      fix: "Set strategy.rollingUpdate.maxUnavailable to 0, and run 2 replicas or more.",
    };
  return {
    happened: `The pods of ${what} were there, but did not answer all requests.`,
    fix: "Look at what the program does under steady load, and give its container the CPU and memory that this takes.",
  };
}

/** The likeliest cause of more lost requests than may be when a pod was ended from outside, without SIGTERM. */
export function explainAbrupt({ what, replicas, hasReadinessProbe, deserted }: LostFacts): LostExplained {
  if (replicas === 1)
    return {
      happened: `${what} has one replica: while it is away, nothing answers.`,
      fix: "Set spec.replicas to 2 or more, so that another pod answers meanwhile.",
    };
  if (!hasReadinessProbe)
    return {
      happened: `The containers of ${what} have no readinessProbe, so each container counts as ready as soon as its process starts, before its program listens.`,
      fix: "Add a readinessProbe that asks the port that the Service sends to, such as httpGet.",
    };
  if (deserted.length > 0)
    return {
      happened: `For a while no pod of ${what} was ready, so its Service had nowhere to send to.`,
      fix: "Run more replicas, and keep them apart: on other nodes, with podAntiAffinity or topologySpreadConstraints.",
    };
  return {
    happened: `What went to the pod that was lost failed until the cluster saw that it was gone.`,
    fix: "Run more replicas, so that a smaller share goes to each; let readinessProbe ask often (periodSeconds: 1) and fail early (failureThreshold: 1).",
  };
}

/** What a Deployment says about how its pods come and go. */
export function factsOf(
  deployment: V1Deployment,
): Pick<LostFacts, "replicas" | "hasReadinessProbe" | "hasPreStop" | "recreates"> {
  const containers = deployment.spec?.template.spec?.containers ?? [];
  return {
    replicas: deployment.spec?.replicas ?? 1,
    hasReadinessProbe: containers.some(({ readinessProbe }) => readinessProbe !== undefined),
    hasPreStop: containers.some(({ lifecycle }) => lifecycle?.preStop !== undefined),
    recreates: deployment.spec?.strategy?.type === "Recreate",
  };
}
