import { stripVTControlCharacters } from "node:util";

/** Where a command writes: results to out, progress and errors to err. */
export interface Terminal {
  out: Output;
  err: Output;
}

export interface Output {
  write(text: string): void;
  readonly colour: boolean;
}

/** The process's own streams; Node heeds NO_COLOR (https://no-color.org) and TERM when it is asked for colours. */
export function processTerminal(): Terminal {
  const output = (stream: NodeJS.WriteStream): Output => ({
    write: (text) => void stream.write(text),
    // hasColors is missing when the stream is no terminal.
    colour: stream.isTTY === true && stream.hasColors(),
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
      /[\p{Cc}\p{Cf}\p{Bidi_Control}]/gu,
      (c) => `\\x${(c.codePointAt(0) ?? 0).toString(16).padStart(2, "0")}`,
    );
}
