import { IconCircleX } from "@tabler/icons-react";
import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { localPath } from "#app/_server/local-path.ts";
import { requirePage } from "#app/_server/page.ts";
import { readReader } from "#app/_server/queries/reader.ts";
import { Shell } from "#app/_ui/shell/shell.tsx";
import { SignInForm, type SignInReason } from "#app/_ui/sign-in/sign-in-form.tsx";

export const metadata: Metadata = { title: "Sign in" };

interface Props {
  searchParams: Promise<{ next?: string | string[]; out?: string | string[] }>;
}

export default async function SignInPage({ searchParams }: Props) {
  const { actor, services } = await requirePage("site.view");
  const { next, out } = await searchParams;
  const goOn = localPath(typeof next === "string" ? next : null, services.config.baseUrl);
  if (actor) redirect(goOn);
  return (
    <Shell reader={await readReader(null, null)} course={null} section={null}>
      <SignInForm
        next={goOn}
        reason={reasonOf(goOn, out !== undefined)}
        badIcon={<IconCircleX size={19} aria-hidden />}
      />
    </Shell>
  );
}

function reasonOf(goOn: string, signedOut: boolean): SignInReason {
  if (signedOut) return "signed-out";
  return goOn === "/" ? null : "to-open";
}
