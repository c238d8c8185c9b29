import { z } from "zod";
import { defineKind } from "../../kit/define-kind.ts";
import { httpRequest } from "../../kit/settings/http-request.ts";
import { partialCredit } from "../../kit/settings/settings.ts";
import { trafficSettings } from "../kit/drills/traffic.ts";
import { namespaceSetting, objectName, readySeconds } from "../kit/settings/kubernetes-settings.ts";
import { portSettings, serviceTypes } from "./judge-service-ports.ts";
import { podNameSettings } from "./judge-spread.ts";
import { unreadySettings } from "./judge-unready.ts";

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
