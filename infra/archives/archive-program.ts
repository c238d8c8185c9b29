import path from "node:path";

/**
 * The thread's program as `npm run build` makes it, or, for the development server, its source. Both are found from
 * the project's folder, where every process of Drydock is started: a bundler moves the files that import this one.
 */
export const archiveThread = (built: boolean) =>
  path.join(process.cwd(), built ? "dist/archive-thread.mjs" : "infra/archives/archive-from-source.mjs");
