import type pg from "pg";
import type { Recorded } from "./recorded-queries.ts";

interface PlanNode {
  "Node Type": string;
  "Relation Name"?: string;
  "Index Name"?: string;
  "Index Cond"?: string;
  Filter?: string;
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

/** Where the statement reads a growing table from end to end, or an index of one without anything to look for. */
export async function findTableScans(
  client: pg.Client,
  growing: Set<string>,
  { text, values }: Recorded,
): Promise<string[]> {
  const { rows } = await client.query(`EXPLAIN (FORMAT JSON) ${text}`, values);
  const scans: string[] = [];
  const walk = (node: PlanNode, limited: boolean) => {
    const table = node["Relation Name"] ?? "";
    if (node["Node Type"] === "Seq Scan" && growing.has(table)) {
      scans.push(`${table} is read whole${node.Filter ? ` for ${node.Filter}` : ""}`);
    }
    const searched = !/^Index (Only )?Scan$/.test(node["Node Type"]) || node["Index Cond"] !== undefined;
    // A partial index that holds little is a search by itself.
    if (!searched && growing.has(node["Index Name"] ?? "") && !limited) {
      scans.push(`${table} is read whole by ${node["Index Name"]}`);
    }
    for (const child of node.Plans ?? []) walk(child, limited || node["Node Type"] === "Limit");
  };
  walk(rows[0]["QUERY PLAN"][0].Plan, false);
  return scans;
}
