import type pg from "pg";
import type { Recorded } from "./recorded-queries.ts";

interface PlanNode {
  "Node Type": string;
  "Relation Name"?: string;
  "Index Name"?: string;
  "Index Cond"?: string;
  Filter?: string;
  "Actual Rows"?: number;
  "Actual Loops"?: number;
  "Rows Removed by Filter"?: number;
  Plans?: PlanNode[];
}

/** A table of more rows grows with what students do; a smaller one with courses, and is as well read whole. */
const rowsOfGrowth = 5000;

/** Tables that grow, and indexes of as many entries, by their size here. */
export async function growingTables(client: pg.Client): Promise<Set<string>> {
  const { rows } = await client.query<{ relname: string }>(
    "SELECT relname FROM pg_class WHERE relkind IN ('r', 'i') AND relnamespace = 'public'::regnamespace AND reltuples > $1",
    [rowsOfGrowth],
  );
  return new Set(rows.map((row) => row.relname));
}

/**
 * Where the statement reads a growing table from end to end, or an index of one without anything to look for. Where a
 * Limit is to end it early, the statement is carried out (and taken back), and the rows that it read are counted.
 */
export async function findTableScans(
  client: pg.Client,
  growing: Set<string>,
  { text, values }: Recorded,
): Promise<string[]> {
  const plan = await planOf(client, "FORMAT JSON", { text, values });
  const scans: string[] = [];
  let limits = false;
  walk(plan, false, (node, limited) => {
    const table = node["Relation Name"] ?? "";
    if (node["Node Type"] === "Seq Scan" && growing.has(table)) {
      scans.push(`${table} is read whole${node.Filter ? ` for ${node.Filter}` : ""}`);
    }
    // A partial index that holds little is a search by itself.
    if (!isSearchless(node) || !growing.has(node["Index Name"] ?? "")) return;
    if (limited) limits = true;
    else scans.push(`${table} is read whole by ${node["Index Name"]}`);
  });
  if (limits) scans.push(...(await findLongReads(client, { text, values })));
  return scans;
}

/** Indexes under a Limit that were walked for long, with nothing to look for, until its rows were found. */
async function findLongReads(client: pg.Client, query: Recorded): Promise<string[]> {
  await client.query("BEGIN");
  const found: string[] = [];
  try {
    walk(await planOf(client, "ANALYZE, FORMAT JSON", query), false, (node, limited) => {
      const read = (node["Actual Rows"] ?? 0) + (node["Rows Removed by Filter"] ?? 0);
      const rows = Math.round(read * (node["Actual Loops"] ?? 1));
      if (!limited || !isSearchless(node) || rows <= rowsOfGrowth) return;
      found.push(
        `${rows} rows of ${node["Relation Name"]} are read by ${node["Index Name"]} until the limit`,
      );
    });
  } finally {
    await client.query("ROLLBACK");
  }
  return found;
}

async function planOf(client: pg.Client, options: string, { text, values }: Recorded): Promise<PlanNode> {
  const { rows } = await client.query(`EXPLAIN (${options}) ${text}`, values);
  return rows[0]["QUERY PLAN"][0].Plan;
}

function walk(node: PlanNode, limited: boolean, look: (node: PlanNode, limited: boolean) => void): void {
  look(node, limited);
  for (const child of node.Plans ?? []) walk(child, limited || node["Node Type"] === "Limit", look);
}

const isSearchless = (node: PlanNode) =>
  /^Index (Only )?Scan$/.test(node["Node Type"]) && node["Index Cond"] === undefined;
