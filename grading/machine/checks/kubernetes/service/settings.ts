import { z } from "zod";
import { defineKind } from "../../kit/define-kind.ts";
import { httpRequest } from "../../kit/settings/http-request.ts";
import { partialCredit, portNumber } from "../../kit/settings/settings.ts";
import { namespaceSetting, objectName, readySeconds } from "../kit/settings/kubernetes-settings.ts";
import { trafficSettings } from "../kit/settings/traffic-settings.ts";

const command = z.array(z.string().min(1)).min(1).max(20);

export const unreadySettings = z
  .strictObject({
    by: z
      .enum(["freeze", "command"])
      .default("freeze")
      .describe("freeze: stop every process of the pod for a while; command: run command in it."),
    command: command.optional().describe("Makes the pod unready, such as [rm, /tmp/ready]."),
    restore: command
      .optional()
      .describe("Makes it ready again, such as [touch, /tmp/ready]; without it the pod is deleted then."),
    seconds: z.number().min(2).max(120).default(30).describe("The Service must follow by then, each way."),
  })
  .refine(
    ({ by, command }) => (by === "command") === (command !== undefined),
    "command goes with by: command",
  )
  .describe("A drill: one ready pod is made unready and must get no request until it is ready again.");

export type UnreadySettings = z.output<typeof unreadySettings>;

export const podNameSettings = z
  .strictObject({
    json: z.string().min(1).max(100).optional().describe("A value of the JSON answer, by dotted path."),
    header: z.string().min(1).max(100).optional().describe("A header of the answer."),
  })
  .prefault({})
  .describe("Where an answer names its pod; anywhere in headers and body when left out.");

export type PodNameSettings = z.output<typeof podNameSettings>;

/** Headless: of type ClusterIP with clusterIP: None. */
export const serviceTypes = z.enum(["ClusterIP", "NodePort", "LoadBalancer", "Headless"]);

export const portSettings = z.strictObject({
  port: portNumber.describe("Where the Service is asked."),
  name: z.string().max(63).optional(),
  targetPort: z
    .union([portNumber, z.string().max(63)])
    .optional()
    .describe("Number or name of the pod's port."),
  nodePort: portNumber.optional(),
  protocol: z.enum(["TCP", "UDP", "SCTP"]).optional(),
});

const settings = z.strictObject({
  service: objectName.describe("Name of the Service."),
  deployment: objectName.optional().describe("Name of the Deployment behind it, for the drill's timeline."),
  namespace: namespaceSetting,
  type: serviceTypes.optional(),
  ports: z.array(portSettings).max(10).default([]).describe("Ports that it must have."),
  readySeconds: readySeconds.describe("It sends to ready pods by then, to all of them and to no other."),
  requests: z
    .array(httpRequest)
    .max(50)
    .default([])
    .describe("Sent to the Service one after the other, and what must be answered."),
  spread: z.boolean().default(false).describe("Whether every ready pod must get some of the requests."),
  podName: podNameSettings,
  unready: unreadySettings.optional(),
  traffic: trafficSettings,
  partial: partialCredit,
});
export type Settings = z.output<typeof settings>;

export const kubernetesService = defineKind({
  kind: "kubernetes/service",
  summary: "A Service has the ports asked for, and sends to its ready pods, all of them and no other.",
  settings,
  defaultTimeoutSeconds: 120,
});
