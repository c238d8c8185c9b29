import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { PrismaPg } from "@prisma/adapter-pg";
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from "@prisma/driver-adapter-utils";
import type { SchemaEngine } from "@prisma/schema-engine-wasm/schema_engine_bg";
import type pg from "pg";

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

type Adapter = Awaited<ReturnType<PrismaPg["connect"]>>;

/** Prisma's adapter with what the migrations engine needs and queries do not. */
class MigrationPg extends PrismaPg {
  override async connect() {
    return readCatalogueChars(sendScriptsWhole(await super.connect()));
  }
  override async connectToShadowDb() {
    return readCatalogueChars(sendScriptsWhole(await super.connectToShadowDb()));
  }
}

/**
 * The adapter splits a script at every semicolon and runs each piece on any pooled connection. A trigger function
 * holds semicolons, and half a migration must not stay: here a script is one simple query, hence one transaction on
 * one connection, as the engine's native binary sends it.
 */
function sendScriptsWhole(adapter: Adapter): Adapter {
  adapter.executeScript = async (script: string) => {
    if (script.trim() !== "") await adapter.underlyingDriver().query(script);
  };
  return adapter;
}

/** Object ids of the types "char" (the catalogue's own, one byte) and text. */
const internalChar = 18;
const text = 25;

/**
 * The adapter does not know the type "char" of the catalogue, from which the engine reads what the database has. It
 * is shown such columns as text, and what it makes of them is called a character again. The engine asks one thing
 * at a time, so the last answer of the connection is the one at hand.
 */
function readCatalogueChars(adapter: Adapter): Adapter {
  const pool = adapter.underlyingDriver();
  const query = pool.query.bind(pool) as (...args: unknown[]) => Promise<pg.QueryResult>;
  let isChar: boolean[] = [];
  pool.query = (async (...args: unknown[]) => {
    const result = await query(...args);
    const fields = result.fields ?? [];
    isChar = fields.map((field) => field.dataTypeID === internalChar);
    for (const field of fields) if (field.dataTypeID === internalChar) field.dataTypeID = text;
    return result;
  }) as typeof pool.query;

  const queryRaw = adapter.queryRaw.bind(adapter);
  adapter.queryRaw = async (asked) => {
    const result = await queryRaw(asked);
    const columnTypes = result.columnTypes.map((type, column) =>
      isChar[column] === true ? ColumnTypeEnum.Character : type,
    );
    return { ...result, columnTypes };
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
  const adapter = new MigrationPg({ connectionString: url, max: 2 });
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
