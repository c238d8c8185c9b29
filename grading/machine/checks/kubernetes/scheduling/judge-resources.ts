import type { V1Pod, V1PodTemplateSpec } from "@kubernetes/client-node";
import type { Part } from "../../kit/credit/share-credit.ts";
import { parseQuantity } from "../kit/quantity.ts";
import type { Amount, ResourceSettings } from "./settings.ts";

/** Judges the resources that a pod template states. */
export function judgeResources(
  what: string,
  template: V1PodTemplateSpec,
  wanted: readonly ResourceSettings[],
): Part[] {
  const containers = template.spec?.containers ?? [];
  return wanted.flatMap(({ container, ...amounts }) => {
    const meant = containers.filter(({ name }) => container === undefined || name === container);
    if (meant.length === 0)
      return [
        missingContainer(
          what,
          container ?? "",
          containers.map(({ name }) => name),
        ),
      ];
    return meant.flatMap(({ name, resources }) =>
      (["requests", "limits"] as const).flatMap((part) =>
        Object.entries(amounts[part]).map(([resource, want]) =>
          judgeAmount(
            `Container ${name} of ${what}`,
            `${part}.${resource}`,
            resources?.[part]?.[resource],
            want,
          ),
        ),
      ),
    );
  });
}

function judgeAmount(
  container: string,
  field: string,
  stated: string | undefined,
  want: Amount | undefined,
): Part {
  const wanted = amountInWords(want);
  const fix = `Set resources.${field} to ${wanted}.`;
  const expected = `${container} states resources.${field}: ${wanted}`;
  if (stated === undefined)
    return { expected, problem: { happened: `${container} states no resources.${field}.`, fix } };
  const fits = want === undefined || isWithin(parseQuantity(stated) ?? Number.NaN, want);
  return {
    expected,
    problem: fits ? null : { happened: `${container} states resources.${field}: ${stated}.`, fix },
  };
}

function isWithin(value: number, want: Amount): boolean {
  if (typeof want === "string") return value === parseQuantity(want);
  const min = want.min === undefined ? 0 : (parseQuantity(want.min) ?? 0);
  const max = want.max === undefined ? Number.POSITIVE_INFINITY : (parseQuantity(want.max) ?? 0);
  return value >= min && value <= max;
}

function amountInWords(want: Amount | undefined): string {
  if (want === undefined || typeof want === "string") return want ?? "something";
  if (want.min === undefined) return `at most ${want.max}`;
  return want.max === undefined ? `at least ${want.min}` : `from ${want.min} to ${want.max}`;
}

const missingContainer = (what: string, name: string, there: string[]): Part => ({
  expected: `${what} has a container ${name}`,
  problem: {
    happened: `${what} has no container ${name}; it has ${there.join(", ")}.`,
    fix: `Name the container ${name}.`,
  },
});

/** Judges the class by which the kubelet decides whom to end first when memory runs out. */
export function judgeQos(
  what: string,
  pods: V1Pod[],
  wanted: "Guaranteed" | "Burstable" | "BestEffort",
): Part {
  const other = pods.find((pod) => pod.status?.qosClass !== wanted);
  return {
    expected: `The pods of ${what} have the QoS class ${wanted}`,
    problem: other
      ? {
          happened: `Pod ${other.metadata?.name} has the QoS class ${other.status?.qosClass}.`,
          fix: qosFixes[wanted],
        }
      : null,
  };
}

const qosFixes = {
  Guaranteed: "Give every container limits for cpu and memory, and requests equal to them (or none).",
  Burstable:
    "Give at least one container a request or a limit, without making all requests equal to the limits.",
  BestEffort: "Remove requests and limits from all containers.",
};

/** Judges the ports that containers declare, and explains hostPort, which Pod Security refuses. */
export function judgePorts(what: string, template: V1PodTemplateSpec, wanted: readonly number[]): Part[] {
  const ports = (template.spec?.containers ?? []).flatMap(({ name, ports }) =>
    (ports ?? []).map((port) => ({ container: name, ...port })),
  );
  const hosted = ports.find((port) => port.hostPort !== undefined && port.hostPort > 0);
  const declared = ports.map((port) => port.containerPort);
  const host: Part = {
    expected: `No container of ${what} takes a port of its node`,
    problem: hosted
      ? {
          happened: `Container ${hosted.container} of ${what} states hostPort: ${hosted.hostPort}. Two pods with one hostPort cannot share a node, and the namespace's Pod Security standard takes no pod that has one.`,
          fix: "Remove hostPort; a Service of type NodePort opens a port on every node.",
        }
      : null,
  };
  const missing = wanted.filter((port) => !declared.includes(port));
  return [
    host,
    ...(wanted.length === 0
      ? []
      : [
          {
            expected: `Containers of ${what} declare containerPort ${wanted.join(", ")}`,
            problem:
              missing.length === 0
                ? null
                : {
                    happened: `No container of ${what} declares containerPort ${missing.join(", ")}; declared are ${declared.join(", ") || "none"}.`,
                    fix: "List the ports that the programs listen on under ports, each with containerPort.",
                  },
          },
        ]),
  ];
}
