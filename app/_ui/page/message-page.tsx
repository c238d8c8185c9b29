import Link from "next/link";
import type { ReactNode } from "react";
import { Brand } from "../shell/brand.tsx";
import classes from "./message-page.module.css";

/** A page that says one thing and offers one way on. */
export function MessagePage({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main id="main" className={classes.page}>
      <Link href="/" className={classes.brand}>
        <Brand /> Drydock
      </Link>
      <h1>{title}</h1>
      {children}
    </main>
  );
}
