const keyForm = /^[a-zA-Z0-9_][a-zA-Z0-9_.-]*(\/[a-zA-Z0-9_][a-zA-Z0-9_.-]*)*$/;

/** Nothing but Drydock's own keys is accepted, whatever a store does with paths. Throws RangeError. */
export function checkedKey(key: string): string {
  if (!keyForm.test(key)) throw new RangeError(`Not a storage key: ${JSON.stringify(key)}.`);
  return key;
}
