import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestProject } from "vitest/node";
import { type MotoServer, startMotoServer } from "#infra/compute/ec2-local/moto/moto-server.ts";
import { loadConfig } from "#infra/config/config.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Answers with the address of the run's moto, which the first caller has started. */
    motoBroker: string;
  }
}

/** One moto for all test files of a run that want one, and none when none does. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { cacheDir } = loadConfig(process.env);
  let moto: Promise<MotoServer> | undefined;
  const broker = createServer((_request, response) => {
    moto ??= startMotoServer({ cacheDir });
    moto.then(
      ({ url }) => response.end(url),
      (error: Error) => response.writeHead(500).end(error.message),
    );
  });
  await new Promise<void>((resolve) => broker.listen(0, "127.0.0.1", resolve));
  project.provide("motoBroker", `http://127.0.0.1:${(broker.address() as AddressInfo).port}`);
  return async () => {
    broker.closeAllConnections();
    broker.close();
    await (await moto)?.stop();
  };
}
