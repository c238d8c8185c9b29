import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { PrismaPg } from "@prisma/adapter-pg";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";
import type { SchemaEngine } from "@prisma/schema-engine-wasm/schema_engine_bg";

const require = createRequire(import.meta.url);
const moduleName = "@prisma/schema-engine-wasm/schema_engine_bg";

type EngineModule = typeof import("@prisma/schema-engine-wasm/schema_engine_bg");

let loaded: Promise<EngineModule> | undefined;

/** Prisma's own migrations engine as WebAssembly: no binary is downloaded, the result is what the CLI would write. */
async function loadEngineModule(): Promise<EngineModule> {
  const engine = (await import(moduleName)) as EngineModule;
  const bytes = await readFile(require.resolve(moduleName).replace(/\.js$/, ".wasm"));
  const { instance } = await WebAssembly.instantiate(bytes, {
    "./schema_engine_bg.js": engine as unknown as WebAssembly.ModuleImports,
  });
  engine.__wbg_set_wasm(instance.exports);
  (instance.exports.__wbindgen_start as () => void)();
  return engine;
}

/**
 * The adapter of Prisma splits a script at every semicolon and runs each piece on any pooled connection. A trigger
 * function holds semicolons, and half a migration must not stay: here a script is one simple query, hence one
 * transaction on one connection, as the engine's native binary sends it.
 */
class WholeScriptPg extends PrismaPg {
  override async connect() {
    return sendScriptsWhole(await super.connect());
  }
  override async connectToShadowDb() {
    return sendScriptsWhole(await super.connectToShadowDb());
  }
}

function sendScriptsWhole(adapter: Awaited<ReturnType<PrismaPg["connect"]>>) {
  adapter.executeScript = async (script: string) => {
    if (script.trim() !== "") await adapter.underlyingDriver().query(script);
  };
  return adapter;
}

/** Runs `use` with an engine connected to the database at `url`; frees it afterwards. */
export async function withSchemaEngine<T>(
  url: string,
  datamodels: [path: string, content: string][],
  use: (engine: SchemaEngine) => Promise<T>,
): Promise<T> {
  loaded ??= loadEngineModule();
  const { SchemaEngine: Engine } = await loaded;
  const adapter = new WholeScriptPg({ connectionString: url, max: 2 });
  const engine = await Engine.new(
    { datamodels },
    () => undefined,
    bindMigrationAwareSqlAdapterFactory(adapter),
  );
  try {
    return await use(engine);
  } finally {
    engine.free();
  }
}
