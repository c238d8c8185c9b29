import path from "node:path";
import { buildSync } from "esbuild";

/** What a template takes as a function's code by itself. */
const longestInline = 4096;

/** The handler for one installation and what it uses as one text for the function of the stack, whose runtime has the client of EC2. */
export function bundleReaper(installation: string): string {
  const { outputFiles } = buildSync({
    entryPoints: [path.join(import.meta.dirname, "handler.ts")],
    bundle: true,
    minify: true,
    write: false,
    platform: "node",
    target: "node22",
    format: "cjs",
    external: ["@aws-sdk/*"],
    define: { INSTALLATION: JSON.stringify(installation) },
    legalComments: "none",
  });
  const code = outputFiles[0]?.text ?? "";
  if (code === "" || code.length > longestInline)
    throw new Error(`The reaper is ${code.length} characters; a template takes 1 to ${longestInline}.`);
  return code;
}
