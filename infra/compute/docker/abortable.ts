/** The part of an engine call's options that ends it; nothing where there is no signal, since they become the address. */
export function abortable(signal: AbortSignal | undefined): { abortSignal?: AbortSignal } {
  return signal === undefined ? {} : { abortSignal: signal };
}
