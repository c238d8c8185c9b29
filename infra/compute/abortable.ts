/** The part of a call's options that ends it; nothing where there is no signal: an engine's client puts them into the address. */
export function abortable(signal: AbortSignal | undefined): { abortSignal?: AbortSignal } {
  return signal === undefined ? {} : { abortSignal: signal };
}
