import { TextLink } from "../page/links.tsx";
import { Notice } from "../page/notice.tsx";
import { ZonedTime, type Zones } from "../time/zoned-time.tsx";

interface KeptNoticeProps {
  /** Milliseconds since 1970. */
  chosenAt: number;
  /** not-sent: the server has nothing of it. unknown: the server could not be asked. */
  state: "not-sent" | "unknown";
  zones: Zones;
}

/** What the reader left here before this page was loaded, offered again. */
export function KeptNotice({ chosenAt, state, zones }: KeptNoticeProps) {
  const at = <ZonedTime iso={new Date(chosenAt).toISOString()} zones={zones} />;
  return (
    <Notice tone="info" announce>
      {state === "not-sent" ? (
        <>
          <b>These files were chosen here {at} and not sent.</b> Submit hands them in, Remove forgets them.
        </>
      ) : (
        <>
          <b>These files were chosen here {at}.</b> Whether they arrived cannot be asked at the moment. Submit
          is safe: the same upload counts once.
        </>
      )}
    </Notice>
  );
}

/** The upload that was under way when its page was left. */
export function ArrivedNotice(props: { chosenAt: number; number: number; page: string; zones: Zones }) {
  const { chosenAt, number, page, zones } = props;
  return (
    <Notice tone="ok" announce>
      The files that you chose here <ZonedTime iso={new Date(chosenAt).toISOString()} zones={zones} /> have
      arrived: they are your submission {number}. <TextLink href={page}>See what became of it</TextLink>
    </Notice>
  );
}
