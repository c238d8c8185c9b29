import * as mantine from "@mantine/core";
import type { ReactNode } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { cssVariables, theme } from "../../theme.ts";
import { TextLink } from "../page/links.tsx";
import { ActionIcon, ActionIconGroup, ActionIconLink } from "./action-icon.tsx";
import { Button, ButtonLink } from "./button.tsx";
import { TextInput } from "./field.tsx";
import { NativeSelect } from "./native-select.tsx";
import { Table, TableTbody, TableTd, TableTh, TableThead, TableTr } from "./table.tsx";

const byMantine = (node: ReactNode) =>
  renderToStaticMarkup(
    <mantine.MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      withCssVariables={false}
      withGlobalClasses={false}
    >
      {node}
    </mantine.MantineProvider>,
  );

/** What draws an element: its name, classes, style and Mantine's own attributes, whatever their order. */
function drawn(html: string): string[] {
  return [...html.matchAll(/<([a-z][a-z0-9]*)([^>]*?)\/?>/gi)].map(([, name, attributes = ""]) => {
    const kept = [...attributes.matchAll(/([a-z-]+)="([^"]*)"/gi)]
      .filter(([, key = ""]) => /^(?:class|style|disabled|role|type|data-(?!page))/.test(key))
      .map(([, key, value = ""]) => `${key}=${sorted(value, key === "style" ? ";" : " ")}`);
    return `${name} ${kept.sort().join(" ")}`;
  });
}

/** How a spinner comes into sight is left out: ours is there at once. */
const sorted = (value: string, between: string) =>
  value
    .split(between)
    .filter((part) => !/^(?:transition|-webkit-backface|transform-origin)/.test(part))
    .sort()
    .join(between);

const looks = [
  {},
  { variant: "default" },
  { variant: "default", size: "xs" },
  { variant: "default", size: "compact-sm", leftSection: <i /> },
  { variant: "subtle", color: "gray", size: "compact-xs" },
  { variant: "subtle" },
  { size: "md" },
  { size: "sm", color: "red.9" },
  { disabled: true },
  { type: "submit", loading: true },
] as const;

test.each(looks)("a button of %o looks as Mantine draws it", (look) => {
  expect(drawn(renderToStaticMarkup(<Button {...look}>Go</Button>))).toEqual(
    drawn(byMantine(<mantine.Button {...look}>Go</mantine.Button>)),
  );
});

test("so do links, as buttons and in text", () => {
  const section = { leftSection: <i />, size: "compact-sm" as const };
  expect(drawn(renderToStaticMarkup(<ButtonLink {...section}>Go</ButtonLink>))).toEqual(
    drawn(
      byMantine(
        <mantine.Button component="a" {...section}>
          Go
        </mantine.Button>,
      ),
    ),
  );
  expect(drawn(renderToStaticMarkup(<TextLink href="/">Go</TextLink>))).toEqual(
    drawn(
      byMantine(
        <mantine.Anchor href="/" underline="always" inherit>
          Go
        </mantine.Anchor>,
      ),
    ),
  );
});

test("so do fields, with and without something to say", () => {
  for (const told of [{}, { description: "Why" }, { error: "No" }, { description: "Why", error: "No" }]) {
    expect(drawn(renderToStaticMarkup(<TextInput label="E" type="email" {...told} />))).toEqual(
      drawn(byMantine(<mantine.TextInput label="E" type="email" {...told} />)),
    );
  }
  const must = <TextInput label="E" required withAsterisk type="text" />;
  expect(drawn(renderToStaticMarkup(must))).toEqual(
    drawn(byMantine(<mantine.TextInput label="E" required type="text" />)),
  );
  const tool = {
    size: "xs",
    className: "own",
    leftSection: <i />,
    type: "search",
    "aria-label": "E",
  } as const;
  expect(drawn(renderToStaticMarkup(<TextInput {...tool} />))).toEqual(
    drawn(byMantine(<mantine.TextInput {...tool} />)),
  );
  expect(drawn(renderToStaticMarkup(<NativeSelect size="xs" aria-label="E" data={["a"]} />))).toEqual(
    drawn(byMantine(<mantine.NativeSelect size="xs" aria-label="E" data={["a"]} />)),
  );
  expect(drawn(renderToStaticMarkup(<NativeSelect label="E" data={["a"]} />))).toEqual(
    drawn(byMantine(<mantine.NativeSelect label="E" data={["a"]} />)),
  );
});

test("so do buttons that are icons", () => {
  for (const variant of ["default", "filled"] as const) {
    for (const disabled of [true, false]) {
      const shared = { variant, disabled, size: "md" as const, "aria-label": "Next", children: <i /> };
      expect(
        drawn(
          renderToStaticMarkup(
            <ActionIconGroup>
              <ActionIcon {...shared} />
            </ActionIconGroup>,
          ),
        ),
      ).toEqual(
        drawn(
          byMantine(
            <mantine.ActionIcon.Group>
              <mantine.ActionIcon {...shared} />
            </mantine.ActionIcon.Group>,
          ),
        ),
      );
    }
  }
});

test("so do those in grey, and links that are icons", () => {
  const small = { variant: "subtle", size: "sm", "aria-label": "Copy", children: <i /> } as const;
  expect(drawn(renderToStaticMarkup(<ActionIcon {...small} />))).toEqual(
    drawn(byMantine(<mantine.ActionIcon {...small} color="gray" />)),
  );
  const file = { variant: "default", size: "md", "aria-label": "Save", children: <i /> } as const;
  expect(drawn(renderToStaticMarkup(<ActionIconLink {...file} />))).toEqual(
    drawn(byMantine(<mantine.ActionIcon component="a" {...file} />)),
  );
});

test("so do tables", () => {
  expect(
    drawn(
      renderToStaticMarkup(
        <Table className="own" role="table">
          <TableThead>
            <TableTr>
              <TableTh>a</TableTh>
            </TableTr>
          </TableThead>
          <TableTbody>
            <TableTr>
              <TableTd>b</TableTd>
            </TableTr>
          </TableTbody>
        </Table>,
      ),
    ),
  ).toEqual(
    drawn(
      byMantine(
        <mantine.Table className="own" role="table" verticalSpacing="xs">
          <mantine.TableThead>
            <mantine.TableTr>
              <mantine.TableTh>a</mantine.TableTh>
            </mantine.TableTr>
          </mantine.TableThead>
          <mantine.TableTbody>
            <mantine.TableTr>
              <mantine.TableTd>b</mantine.TableTd>
            </mantine.TableTr>
          </mantine.TableTbody>
        </mantine.Table>,
      ),
    ),
  );
});
