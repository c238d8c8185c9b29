"use client";

import { Anchor, Button, type ButtonProps } from "@mantine/core";
import Link from "next/link";
import type { ReactNode } from "react";

interface LinkButtonProps extends Pick<ButtonProps, "variant" | "leftSection" | "size" | "color"> {
  href: string;
  children: ReactNode;
  shortcut?: string;
  /** A file to save instead of a page to open. */
  download?: boolean;
}

/** A real link that looks like a button. */
export function LinkButton({ href, children, shortcut, download, ...button }: LinkButtonProps) {
  const shared = { ...button, "data-shortcut": shortcut };
  if (download) {
    return (
      <Button component="a" href={href} download {...shared}>
        {children}
      </Button>
    );
  }
  return (
    <Button component={Link} href={href} {...shared}>
      {children}
    </Button>
  );
}

export function TextLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <Anchor component={Link} href={href} underline="always" inherit>
      {children}
    </Anchor>
  );
}
