/** The current instant. Use cases take one; rules take the `now` it returned. */
export type Clock = () => Date;
