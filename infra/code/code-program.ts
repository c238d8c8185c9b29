import path from "node:path";

/** The thread's program as `npm run build` makes it, or its source; found as the archive thread's is. */
export const codeThread = (built: boolean) =>
  path.join(process.cwd(), built ? "dist/code-thread.mjs" : "infra/code/code-from-source.mjs");
