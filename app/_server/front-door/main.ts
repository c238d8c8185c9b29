import { createServer, type RequestListener } from "node:http";
import path from "node:path";
import next from "next";
import { systemClock, systemMonotonic } from "#infra/clock/clock.ts";
import { type Config, ConfigError, loadConfig } from "#infra/config/config.ts";
import { type DatabaseWatch, watchDatabase } from "#infra/db/connection/watch-database.ts";
import { createLogger, type Log } from "#infra/telemetry/logger.ts";
import { onStop } from "../on-stop.ts";
import { trustedProxies } from "./client-address.ts";
import { createFrontServer } from "./create-front-server.ts";
import { databaseDoor } from "./database-door.ts";
import { wholeFailure } from "./failures/whole-failure.ts";
import { standFrontDoor } from "./front-door-stands.ts";
import { insecureAddress } from "./insecure-address.ts";
import { serveStatic } from "./static/serve-static.ts";
import { readStaticFiles } from "./static/static-files.ts";

/** The web server's program: Next behind the front door. */
async function main(config: Config, log: Log): Promise<void> {
  const warning = insecureAddress(config);
  if (warning !== null) log.warn({ host: config.host, baseUrl: config.baseUrl }, warning);
  const { host: hostname, port } = config;
  // Next would take requests to switch protocols from the server itself, past the front door: it is given another one.
  const httpServer = createServer();
  // The same folder seen from the bundle (dist/); the built site lies beside it.
  const dir = path.resolve(import.meta.dirname, "..");
  const app = next({ dev: false, dir, hostname, port, httpServer });
  await app.prepare();
  standFrontDoor();
  const handle = app.getRequestHandler();
  const watch = config.databaseUrl === null ? null : watchFor(config.databaseUrl, log);
  const files = await readStaticFiles(path.join(dir, ".next"));
  const render: RequestListener = (request, response) => {
    handle(request, response).catch((err: unknown) => {
      log.error({ err, method: request.method }, "A request could not be handled.");
      response.statusCode = 500;
      response.end("Internal Server Error");
    });
  };
  const server = createFrontServer(
    // The database's door is asked first whether a failure is of the database.
    wholeFailure(
      databaseDoor(
        serveStatic(files, render),
        watch ?? { answers: true, wasAway: () => false },
        systemMonotonic,
      ),
      render,
      log,
    ),
    {
      isTrusted: trustedProxies(config.trustedProxies),
      https: config.baseUrl.startsWith("https:"),
      clock: systemClock,
    },
  );
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, hostname, resolve);
  });
  log.info({ host: hostname, port, baseUrl: config.baseUrl }, "ready");
  await new Promise<void>((resolve) => {
    onStop(() => {
      // Answers under way are finished; connections that only wait for a next request are not waited for.
      server.close(() => resolve());
      server.closeIdleConnections();
    });
  });
  await watch?.close();
  await app.close();
}

function watchFor(databaseUrl: string, log: Log): DatabaseWatch {
  return watchDatabase(databaseUrl, {
    everyMs: 1_000,
    limitMs: 5_000,
    monotonic: systemMonotonic,
    onChange: (answers, err) => {
      if (answers) log.info("The database answers again.");
      else log.error({ err }, "The database does not answer; everybody is told to try again in a moment.");
    },
  });
}

function readConfig(): Config {
  try {
    return loadConfig();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(2);
  }
}

const config = readConfig();
const log = createLogger({ name: "web", level: config.logLevel });
main(config, log).then(
  () => process.exit(0),
  (err: unknown) => {
    log.fatal({ err }, "The web server could not go on.");
    process.exit(1);
  },
);
