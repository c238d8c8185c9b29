import type { ComponentProps, CSSProperties } from "react";

/*
 * Mantine's table without its code. The classes are held to what Mantine itself renders by plain.test.tsx.
 */

const table = "m_b23fa0ef mantine-Table-table";
const spacing = { "--table-vertical-spacing": "var(--mantine-spacing-xs)" } as CSSProperties;

export function Table({ className, ...rest }: ComponentProps<"table">) {
  return <table {...rest} className={className ? `${className} ${table}` : table} style={spacing} />;
}

export function TableThead(props: ComponentProps<"thead">) {
  return <thead {...props} className="m_b242d975 mantine-Table-thead" />;
}

export function TableTbody(props: ComponentProps<"tbody">) {
  return <tbody {...props} className="m_b2404537 mantine-Table-tbody" />;
}

export function TableTr(props: ComponentProps<"tr">) {
  return <tr {...props} className="m_4e7aa4fd mantine-Table-tr" data-with-row-border />;
}

export function TableTh(props: ComponentProps<"th">) {
  return <th {...props} className="m_4e7aa4f3 mantine-Table-th" />;
}

export function TableTd(props: ComponentProps<"td">) {
  return <td {...props} className="m_4e7aa4ef mantine-Table-td" />;
}
