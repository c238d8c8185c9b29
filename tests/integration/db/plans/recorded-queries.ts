import pg from "pg";

export interface Recorded {
  text: string;
  values: unknown[];
}

/** What the driver is handed; Prisma and our own SQL both go through it. */
type Query = (this: pg.Client, config: unknown, ...rest: unknown[]) => unknown;

/** Every statement that `work` sends to any database, once for each text, with the values it was sent with. */
export async function recordQueries(work: () => Promise<unknown>): Promise<Recorded[]> {
  const seen = new Map<string, Recorded>();
  const prototype = pg.Client.prototype as unknown as { query: Query };
  const original = prototype.query;
  prototype.query = function (config, ...rest) {
    const { text, values } = (typeof config === "string" ? { text: config } : config) as Partial<Recorded>;
    if (text !== undefined && /^\s*(SELECT|WITH|INSERT|UPDATE|DELETE)/i.test(text)) {
      const own = Array.isArray(rest[0]) ? rest[0] : [];
      if (!seen.has(text)) seen.set(text, { text, values: values ?? own });
    }
    return original.call(this, config, ...rest);
  };
  try {
    await work();
  } finally {
    prototype.query = original;
  }
  return [...seen.values()];
}
