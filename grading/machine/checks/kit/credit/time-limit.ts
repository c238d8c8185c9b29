/** The reason of a signal that was aborted because a time limit passed. */
export class TimeLimitPassed extends Error {
  override readonly name = "TimeLimitPassed";
  constructor(readonly seconds: number) {
    super(`The time limit of ${seconds} s passed.`);
  }
}
