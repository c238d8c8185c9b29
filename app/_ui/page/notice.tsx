import { IconAlertTriangle, IconCircleCheck, IconCircleX, IconInfoCircle } from "@tabler/icons-react";
import { NoticeBox, type NoticeBoxProps } from "./notice-box.tsx";

const icons = { info: IconInfoCircle, ok: IconCircleCheck, warn: IconAlertTriangle, bad: IconCircleX };

/** One thing the reader should know, with an icon for its weight. */
export function Notice(notice: Omit<NoticeBoxProps, "icon">) {
  const Icon = icons[notice.tone];
  return <NoticeBox {...notice} icon={<Icon size={19} aria-hidden />} />;
}
