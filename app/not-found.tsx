import type { Metadata } from "next";
import { LinkButton } from "./_ui/page/links.tsx";
import { MessagePage } from "./_ui/page/message-page.tsx";

export const metadata: Metadata = { title: "Not found" };

export default function NotFound() {
  return (
    <MessagePage title="There is nothing here that you may see.">
      <p>
        The address may be mistyped, or the page belongs to a course or a person that this account has no part
        in. If you have another account, sign in with that one.
      </p>
      <LinkButton href="/">Go home</LinkButton>
    </MessagePage>
  );
}
