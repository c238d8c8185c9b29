/** A hull in a dock: two walls, a keel. */
export function Brand({ size = 22 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor" aria-hidden="true">
      <path d="M2.5 4v16.5h19V4" strokeWidth="2" strokeLinecap="round" strokeLinejoin="round" />
      <path d="M7 8h10l-1.6 6.2a2 2 0 0 1-1.9 1.5h-3a2 2 0 0 1-1.9-1.5z" fill="currentColor" stroke="none" />
      <path d="M12 4v3" strokeWidth="2" strokeLinecap="round" />
    </svg>
  );
}
