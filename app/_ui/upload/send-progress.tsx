import { Button, Progress } from "@mantine/core";
import classes from "./upload-panel.module.css";

export type Phase = { name: "choosing" } | { name: "sending"; share: number } | { name: "sent" };

interface SendProgressProps {
  phase: Exclude<Phase, { name: "choosing" }>;
  onStop(): void;
}

/** How far an upload is. */
export function SendProgress({ phase, onStop }: SendProgressProps) {
  const share = phase.name === "sent" ? 1 : phase.share;
  const word =
    phase.name === "sent"
      ? "Accepted. Opening the run…"
      : share < 1
        ? `Sending, ${Math.floor(share * 100)}%`
        : "Sent. The server is checking it…";
  return (
    <div className={classes.stack}>
      <Progress value={share * 100} aria-label="Upload" />
      <div className={classes.row}>
        <span className="num" role="status">
          {word}
        </span>
        {phase.name === "sending" ? (
          <Button size="compact-sm" variant="default" onClick={onStop}>
            Stop
          </Button>
        ) : null}
      </div>
    </div>
  );
}
