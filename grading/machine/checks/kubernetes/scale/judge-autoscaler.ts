import type { V2HorizontalPodAutoscaler } from "@kubernetes/client-node";
import type { z } from "zod";
import type { Part } from "../../kit/credit/share-credit.ts";
import type { CheckContext } from "../../kit/define-check.ts";
import { createClients, type KubernetesClients } from "../kit/api/clients.ts";
import type { autoscalerSettings } from "./settings.ts";

/** Whether the Deployment has the autoscaler asked for, and could be scaled by it. */
export async function judgeAutoscaler(
  context: CheckContext,
  namespace: string,
  deployment: string,
  wanted: z.output<typeof autoscalerSettings>,
): Promise<Part[]> {
  const clients = createClients(context.kubernetes().admin, context.signal);
  const { items, found } = await findAutoscaler(clients, namespace, deployment, wanted.name);
  const what = `HorizontalPodAutoscaler${wanted.name === undefined ? "" : ` ${wanted.name}`}`;
  if (!found) {
    const others = items.map(
      ({ metadata, spec }) =>
        `${metadata?.name} for ${spec?.scaleTargetRef.kind} ${spec?.scaleTargetRef.name}`,
    );
    return [
      {
        expected: `A ${what} scales Deployment ${deployment}`,
        problem: {
          happened: `There is none; the namespace has ${others.join(", ") || "no HorizontalPodAutoscaler"}.`,
          fix: `Hand in a ${what} with scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: ${deployment}}.`,
        },
      },
    ];
  }
  const target = await clients.apps.readNamespacedDeployment({ namespace, name: deployment });
  const containers = target.spec?.template.spec?.containers ?? [];
  const bare = containers.find(({ resources }) => resources?.requests?.cpu === undefined)?.name;
  return judgeStatement(found, deployment, wanted, bare);
}

/** The autoscaler of a Deployment, of that name if one is given, and all that the namespace has. */
async function findAutoscaler(
  { autoscaling }: KubernetesClients,
  namespace: string,
  deployment: string,
  name?: string,
) {
  const { items } = await autoscaling.listNamespacedHorizontalPodAutoscaler({ namespace });
  const found = items.find(
    ({ metadata, spec }) =>
      spec?.scaleTargetRef.kind === "Deployment" &&
      spec.scaleTargetRef.name === deployment &&
      (name === undefined || metadata?.name === name),
  );
  return { items, found };
}

/** Why a Deployment does not keep the replicas that it was scaled to, when its autoscaler's bounds forbid them; else null. */
export async function explainBounds(
  context: CheckContext,
  namespace: string,
  deployment: string,
  replicas: number,
): Promise<Part["problem"]> {
  const clients = createClients(context.kubernetes().admin, context.signal);
  const { found } = await findAutoscaler(clients, namespace, deployment);
  const { minReplicas = 1, maxReplicas } = found?.spec ?? {};
  if (maxReplicas === undefined || (replicas >= minReplicas && replicas <= maxReplicas)) return null;
  const what = `HorizontalPodAutoscaler ${found?.metadata?.name}`;
  return {
    happened: `${what} scales Deployment ${deployment} back: its minReplicas is ${minReplicas} and its maxReplicas ${maxReplicas}.`,
    fix: `Let ${what} allow ${replicas} replicas, or leave it out.`,
  };
}

function judgeStatement(
  { metadata, spec }: V2HorizontalPodAutoscaler,
  deployment: string,
  wanted: z.output<typeof autoscalerSettings>,
  withoutRequest: string | undefined,
): Part[] {
  const what = `HorizontalPodAutoscaler ${metadata?.name}`;
  const field = (name: string, is: unknown, asked: unknown): Part[] =>
    asked === undefined
      ? []
      : [
          {
            expected: `${what} states ${name}: ${asked}`,
            problem:
              is === asked
                ? null
                : {
                    happened: `It states ${name}: ${is ?? "nothing"}.`,
                    fix: `Set ${name}: ${asked} in ${what}.`,
                  },
          },
        ];
  const cpu = spec?.metrics?.find(({ resource }) => resource?.name === "cpu")?.resource;
  return [
    ...field("minReplicas", spec?.minReplicas ?? 1, wanted.min),
    ...field("maxReplicas", spec?.maxReplicas, wanted.max),
    ...field("averageUtilization of cpu", cpu?.target.averageUtilization, wanted.cpuPercent),
    {
      expected: `Every container of Deployment ${deployment} requests CPU, which the utilization is a share of`,
      problem:
        withoutRequest === undefined || cpu === undefined
          ? null
          : {
              happened: `Container ${withoutRequest} states no resources.requests.cpu, so ${what} cannot tell its utilization.`,
              fix: `State resources.requests.cpu for container ${withoutRequest}.`,
            },
    },
  ];
}
