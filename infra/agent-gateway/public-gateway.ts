import { readFile } from "node:fs/promises";
import type { GatewayConfig } from "#infra/config/gateway.ts";
import type { GatewayListen } from "./serve.ts";

/** What the configuration of a gateway for other computers means: its files are read here, once. */
export interface PublicGateway {
  listen: GatewayListen;
  /** Whatever it listens at, machines call the address that is set. */
  addressInMachine(): string;
  /** PEM; null: machines believe the authorities that they know. */
  ca: string | null;
}

/** Throws the file system's error for a file that cannot be read. */
export async function readPublicGateway(config: GatewayConfig): Promise<PublicGateway> {
  const { host, port, url, tls, caFile } = config;
  const read = (file: string) => readFile(file, "utf8");
  return {
    listen: {
      ...{ host, port },
      ...(tls === null ? {} : { tls: { cert: await read(tls.certFile), key: await read(tls.keyFile) } }),
    },
    addressInMachine: () => url,
    ca: caFile === null ? null : await read(caFile),
  };
}
