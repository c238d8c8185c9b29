/** What the command line says with its exit status; scripts depend on these numbers. */
export const exitCode = {
  ok: 0,
  /** The thing asked about is not so: a receipt is invalid, a solution does not score as stated. */
  no: 1,
  /** The exercise, the submission or the way of calling is wrong. */
  badInput: 2,
  /** Drydock or the machine could not do its part. */
  platformFault: 3,
  /** 128 + SIGINT. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

/** Ends a command with a sentence for the person at the terminal and an exit status. */
export class CommandFailure extends Error {
  override readonly name = "CommandFailure";
  constructor(
    readonly exitCode: ExitCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
