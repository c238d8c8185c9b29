import { z } from "zod";
import { portNumber } from "../../../kit/settings/settings.ts";

export const trafficSettings = z
  .strictObject({
    port: portNumber.optional().describe("Port of the Service; its first when left out."),
    path: z.string().startsWith("/").max(500).default("/"),
    status: z
      .number()
      .int()
      .min(100)
      .max(599)
      .default(200)
      .describe("Any other status counts as a failed request."),
    perSecond: z.number().min(1).max(100).default(20).describe("Requests sent each second, answered or not."),
    timeoutSeconds: z.number().min(0.1).max(30).default(2).describe("A later answer is a failed request."),
    via: z
      .enum(["address", "node-port"])
      .default("address")
      .describe("To the Service's cluster address, or to its port on the first node."),
  })
  .prefault({})
  .describe("The steady load: GET requests, each on a connection of its own, none repeated.");

export type TrafficSettings = z.output<typeof trafficSettings>;

export const allowFailed = z
  .number()
  .int()
  .min(0)
  .max(10_000)
  .default(0)
  .describe("So many requests may fail.");
