/** A moment of a drill, always with its tenth, so that a running clock does not jump in width: 0.0 s, 12.4 s, 2:05.0. */
export function momentWords(atMs: number): string {
  const tenths = Math.floor(Math.max(0, atMs) / 100);
  const seconds = (tenths % 600) / 10;
  const minutes = Math.floor(tenths / 600);
  return minutes === 0 ? `${seconds.toFixed(1)} s` : `${minutes}:${seconds.toFixed(1).padStart(4, "0")}`;
}
