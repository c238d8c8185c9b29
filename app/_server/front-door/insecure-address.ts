import { isIPv4 } from "node:net";
import type { Config } from "#infra/config/config.ts";

/** Why passwords would cross a network in clear, in a sentence; null when they do not. */
export function insecureAddress({ host, baseUrl }: Pick<Config, "host" | "baseUrl">): string | null {
  if (baseUrl.startsWith("https:") || isLoopback(host)) return null;
  return `The site listens on ${host} without TLS: passwords and sessions cross the network in clear. Listen on 127.0.0.1 behind a proxy with TLS, and set DRYDOCK_BASE_URL to its https address.`;
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIPv4(host) && host.startsWith("127."));
}
