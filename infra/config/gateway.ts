import { z } from "zod";
import { variable } from "./variable.ts";

const isPort = (text: string) => Number(text) > 0 && Number(text) < 65_536;

export const gatewayVariables = {
  /** A listener of the agent gateway's own, for machines on other computers; with it goes DRYDOCK_GATEWAY_URL. */
  DRYDOCK_GATEWAY_LISTEN: variable(
    z
      .string()
      .regex(/^(\[[\da-f:.]+\]|[\w.-]+):\d{1,5}$/i)
      .refine((text) => isPort(text.slice(text.lastIndexOf(":") + 1)))
      .optional(),
    "an address of this computer and a port",
    "0.0.0.0:8443",
  ),
  /** As machines call it: its own address, or that of the load balancer before it. */
  DRYDOCK_GATEWAY_URL: variable(
    z.url({ protocol: /^https?$/ }).optional(),
    "the http or https address at which machines call DRYDOCK_GATEWAY_LISTEN",
    "https://gateway.drydock.example.edu",
  ),
  DRYDOCK_GATEWAY_CERT: variable(
    z.string().optional(),
    "a file with the certificate (PEM) of DRYDOCK_GATEWAY_URL, beside DRYDOCK_GATEWAY_KEY",
    "/etc/drydock/gateway.pem",
  ),
  DRYDOCK_GATEWAY_KEY: variable(
    z.string().optional(),
    "a file with the key (PEM) of DRYDOCK_GATEWAY_CERT",
    "/etc/drydock/gateway-key.pem",
  ),
  /** Vouches for DRYDOCK_GATEWAY_URL where no authority does that machines know. */
  DRYDOCK_GATEWAY_CA: variable(
    z.string().optional(),
    "a file with the certificate (PEM) of a private authority, for a DRYDOCK_GATEWAY_URL that begins with https",
    "/etc/drydock/gateway-ca.pem",
  ),
};

/** The agent gateway as a listener of its own. */
export interface GatewayConfig {
  host: string;
  port: number;
  /** As machines call it, without a slash at its end. */
  url: string;
  /** Files with its own certificate and key; null: it speaks plain HTTP, and whoever is before it TLS. */
  tls: { certFile: string; keyFile: string } | null;
  /** The only authority that machines believe; null: those that they know. */
  caFile: string | null;
}

/** Of these one makes no sense without the other. */
export function checkGateway(set: Record<string, unknown>, context: z.RefinementCtx): void {
  const need = (name: string) => {
    const path = `DRYDOCK_GATEWAY_${name}`;
    if (set[path] === undefined) context.addIssue({ code: "custom", path: [path] });
  };
  const isSet = (name: string) => set[`DRYDOCK_GATEWAY_${name}`] !== undefined;
  if (["URL", "CERT", "KEY", "CA"].some(isSet)) need("LISTEN");
  if (isSet("LISTEN")) need("URL");
  if (isSet("CERT")) need("KEY");
  if (isSet("KEY")) need("CERT");
}

export function readGateway(
  v: {
    [Name in `DRYDOCK_GATEWAY_${"LISTEN" | "URL" | "CERT" | "KEY" | "CA"}`]?: string | undefined;
  },
): GatewayConfig | null {
  const { DRYDOCK_GATEWAY_LISTEN: listen, DRYDOCK_GATEWAY_URL: url } = v;
  if (listen === undefined || url === undefined) return null;
  const colon = listen.lastIndexOf(":");
  const [certFile, keyFile] = [v.DRYDOCK_GATEWAY_CERT, v.DRYDOCK_GATEWAY_KEY];
  return {
    host: listen.slice(0, colon).replace(/^\[|\]$/g, ""),
    port: Number(listen.slice(colon + 1)),
    url: url.replace(/\/$/, ""),
    tls: certFile === undefined || keyFile === undefined ? null : { certFile, keyFile },
    caFile: v.DRYDOCK_GATEWAY_CA ?? null,
  };
}
