import type { ComponentProps, ReactNode } from "react";
import { ButtonLink } from "../plain/button.tsx";
import type { ButtonLook } from "../plain/button-look.ts";

/**
 * A link to another page of this site: a real one, which the browser follows before JavaScript has loaded and the
 * router after that (shell/follow-links.tsx), fetching ahead only what the reader points at.
 */
export function PageLink(props: ComponentProps<"a"> & { href: string }) {
  return <a data-page {...props} />;
}

interface LinkButtonProps extends ButtonLook {
  href: string;
  children: ReactNode;
  leftSection?: ReactNode;
  shortcut?: string;
  /** A file to save instead of a page to open. */
  download?: boolean;
}

/** A real link that looks like a button. */
export function LinkButton({ shortcut, download, ...button }: LinkButtonProps) {
  return (
    <ButtonLink
      {...button}
      data-shortcut={shortcut}
      download={download}
      data-page={download ? undefined : true}
    />
  );
}

const textLink = "mantine-focus-auto m_849cf0da m_b6d8b162 mantine-Text-root mantine-Anchor-root";

/** A link within text, underlined. */
export function TextLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <PageLink className={textLink} data-inherit data-underline="always" href={href}>
      {children}
    </PageLink>
  );
}
