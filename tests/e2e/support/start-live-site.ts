import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type DemoAccount, demoAccounts } from "#bin/demo/accounts.ts";
import { makeDemoCourse } from "#bin/demo/demo-course.ts";
import { prepareCourse } from "#bin/demo/prepare-course.ts";
import { buildSite } from "#bin/site/build-site.ts";
import { type Site, startSite } from "#bin/site/start-site.ts";
import { systemClock } from "#infra/clock/clock.ts";
import { loadConfig } from "#infra/config/config.ts";
import { ensureEngine } from "#infra/machine/engine/ensure-engine.ts";
import { ensureMachineImage } from "#infra/machine/ensure-image.ts";

export { demoCourse as course } from "#bin/demo/demo-course.ts";

export interface LiveSite {
  site: Site;
  /** By role: the first one who has it. */
  person(role: DemoAccount["role"]): DemoAccount;
  stop(): Promise<void>;
}

/**
 * The whole of Drydock as a user would run it, with the real course: Postgres, web, worker, and machines on the
 * Docker engine, all of its own: data folder, ports and deployment tag, so that it never ends another one's machines.
 */
export async function startLiveSite(): Promise<LiveSite> {
  const root = path.resolve(import.meta.dirname, "../../..");
  const engine = await ensureEngine({ install: false, onProgress: () => undefined });
  await buildSite(root, () => undefined);
  await ensureMachineImage({ docker: engine.docker, machineKind: "engine", onProgress: () => undefined });
  // Short: a unix socket below it must fit into its address.
  const dataDir = await mkdtemp(path.join(tmpdir(), "dd-e2e-"));
  const variables = {
    DRYDOCK_DATA_DIR: dataDir,
    DRYDOCK_CONTENT_DIR: path.join(root, "content"),
    DRYDOCK_DEPLOYMENT: `e2e-${process.pid}`,
    DATABASE_URL: "",
    REDIS_URL: "",
    DRYDOCK_AUTH_SECRET: "",
    DRYDOCK_BASE_URL: "",
  };
  const config = loadConfig(variables);
  const people = await demoAccounts(dataDir);
  const site = await startSite({
    root,
    config,
    env: { ...process.env, ...variables },
    onStep: () => undefined,
    prepare: async (databaseUrl) => {
      const own = await makeDemoCourse({ ...config, now: systemClock() });
      await prepareCourse({ databaseUrl, config, course: own, people });
      return { DRYDOCK_CONTENT_DIR: own.contentDir };
    },
  });
  return {
    site,
    person(role) {
      const found = people.find((one) => one.role === role);
      if (!found) throw new Error(`The demo has no ${role}.`);
      return found;
    },
    async stop() {
      await site.stop();
      await engine.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
