import { type Output, paint, type Style } from "./terminal.ts";

export interface Cell {
  text: string;
  style?: Style;
}

export interface Column {
  title: string;
  align?: "left" | "right";
}

/** A plain table as lines: columns as wide as their widest cell, two spaces between, no trailing blanks. */
export function formatTable(output: Output, columns: Column[], rows: (string | Cell)[][]): string[] {
  const cells = rows.map((row) => row.map((cell) => (typeof cell === "string" ? { text: cell } : cell)));
  const widths = columns.map((column, i) =>
    Math.max(column.title.length, ...cells.map((row) => row[i]?.text.length ?? 0)),
  );
  const line = (row: Cell[]) =>
    row
      .map((cell, i) => {
        const width = widths[i] ?? 0;
        const gap = " ".repeat(Math.max(0, width - cell.text.length));
        const text = cell.style ? paint(output, cell.style, cell.text) : cell.text;
        return columns[i]?.align === "right" ? gap + text : text + gap;
      })
      .join("  ")
      .trimEnd();
  return [
    line(columns.map((column) => ({ text: column.title, style: "bold" }))),
    ...cells.map((row) => line(row)),
  ];
}

/** 1 and "file" as "1 file", 2 as "2 files". */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}

/** 12 as "12", 7.5 as "7.5": points never show a float's tail. */
export function formatPoints(points: number): string {
  return String(Math.round(points * 100) / 100);
}

export function formatSeconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
