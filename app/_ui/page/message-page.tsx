import type { ReactNode } from "react";
import { Brand } from "../shell/brand.tsx";
import { PageLink } from "./links.tsx";
import classes from "./message-page.module.css";

/** A page that says one thing and offers one way on. */
export function MessagePage({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main id="main" className={classes.page}>
      <PageLink href="/" className={classes.brand}>
        <Brand /> Drydock
      </PageLink>
      <h1>{title}</h1>
      {children}
    </main>
  );
}
