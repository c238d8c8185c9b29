import { type Form, textIn } from "./form.ts";
import type { Pool } from "./known-instances.ts";
import { findXml, type XmlElement, xmlText } from "./xml.ts";

/** What whoever runs the machine of an instance must know. */
export interface LaunchedInstance extends Pool {
  instanceId: string;
  imageId: string;
  subnetId: string;
  privateIp: string;
  /** Decoded; empty when there is none. */
  userData: Buffer;
  tags: Record<string, string>;
  metadata: { tokens: "required" | "optional"; hopLimit: number };
  shutdownBehaviour: "stop" | "terminate";
}

/** `item` is the instance in the answer of RunInstances, `launch` what was asked for. */
export function describeLaunched(item: XmlElement, launch: Form, pool: Pool): LaunchedInstance {
  return {
    ...pool,
    instanceId: xmlText(item, "instanceId"),
    imageId: xmlText(item, "imageId"),
    subnetId: xmlText(item, "subnetId"),
    privateIp: xmlText(item, "privateIpAddress"),
    userData: Buffer.from(textIn(launch, "UserData") ?? "", "base64"),
    tags: Object.fromEntries(
      (findXml(item, "tagSet")?.children ?? []).map((tag) => [xmlText(tag, "key"), xmlText(tag, "value")]),
    ),
    metadata: {
      tokens: xmlText(item, "metadataOptions", "httpTokens") === "required" ? "required" : "optional",
      hopLimit: Number(xmlText(item, "metadataOptions", "httpPutResponseHopLimit") || 1),
    },
    shutdownBehaviour:
      textIn(launch, "InstanceInitiatedShutdownBehavior") === "terminate" ? "terminate" : "stop",
  };
}
