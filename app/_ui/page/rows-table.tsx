import type { ReactNode } from "react";
import { Table, TableTbody, TableTd, TableTh, TableThead, TableTr } from "../plain/table.tsx";
import classes from "./rows-table.module.css";
import { ScrollBox } from "./scroll-box.tsx";

export interface Column<Row> {
  name: string;
  /** null where the row has nothing to say. */
  cell(row: Row): ReactNode;
  /** At the right edge of its column, as numbers are. */
  end?: boolean;
}

interface RowsTableProps<Row> {
  /** What the rows are, for screen readers. */
  label: string;
  /** The first one heads its row where rows are stacked. */
  columns: Column<Row>[];
  rows: readonly Row[];
  rowKey(row: Row): string;
}

/**
 * A table where its box has room for one. Where it has not, each row is stacked, every value beside its column's
 * name, so that nothing lies off screen. The roles are spelled out because some browsers drop them from tables that
 * are not displayed as such.
 */
export function RowsTable<Row>({ label, columns, rows, rowKey }: RowsTableProps<Row>) {
  return (
    <ScrollBox className={classes.box} label={label}>
      <Table className={classes.table} role="table">
        <TableThead role="rowgroup">
          <TableTr role="row">
            {columns.map(({ name, end }) => (
              <TableTh key={name} role="columnheader" data-end={end}>
                {name}
              </TableTh>
            ))}
          </TableTr>
        </TableThead>
        <TableTbody role="rowgroup">
          {rows.map((row) => (
            <TableTr key={rowKey(row)} role="row">
              {columns.map((column) => (
                <RowCell key={column.name} column={column} row={row} />
              ))}
            </TableTr>
          ))}
        </TableTbody>
      </Table>
    </ScrollBox>
  );
}

function RowCell<Row>({ column, row }: { column: Column<Row>; row: Row }) {
  const content = column.cell(row);
  return (
    <TableTd
      role="cell"
      data-name={column.name}
      data-end={column.end}
      data-empty={content === null || undefined}
    >
      <div>{content}</div>
    </TableTd>
  );
}
