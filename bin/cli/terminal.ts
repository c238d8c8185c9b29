import { stripVTControlCharacters } from "node:util";

/** Where a command writes: results to out, progress and errors to err. Tests pass their own. */
export interface Terminal {
  out: Output;
  err: Output;
}

export interface Output {
  write(text: string): void;
  /** Colours and lines that are drawn over again are for a person's terminal alone. */
  readonly isTTY: boolean;
  readonly colour: boolean;
  readonly columns: number;
}

/** The process's own streams. NO_COLOR switches colour off (https://no-color.org), whatever its value. */
export function processTerminal(): Terminal {
  const output = (stream: NodeJS.WriteStream): Output => ({
    write: (text) => void stream.write(text),
    isTTY: stream.isTTY === true,
    // FORCE_COLOR and the terminal's depth are left to Node; hasColors is missing when the stream is no TTY.
    colour: stream.isTTY === true && stream.hasColors(),
    columns: stream.columns ?? 100,
  });
  return { out: output(process.stdout), err: output(process.stderr) };
}

const styles = { red: 31, green: 32, yellow: 33, blue: 34, grey: 90, bold: 1 } as const;
export type Style = keyof typeof styles;

export function paint(output: Output, style: Style, text: string): string {
  return output.colour ? `\u001b[${styles[style]}m${text}\u001b[0m` : text;
}

/**
 * Text that a student's program wrote, made safe for a terminal: escape sequences are dropped and every other
 * control character is shown as \xNN.
 */
export function printable(text: string): string {
  return stripVTControlCharacters(text)
    .replaceAll("\t", "    ")
    .replace(
      /[\p{Cc}\p{Bidi_Control}]/gu,
      (c) => `\\x${(c.codePointAt(0) ?? 0).toString(16).padStart(2, "0")}`,
    );
}
