/** USD of a machine that its run bears: not what it cost while it waited in the pool. null while it is not settled. */
export function runCost(machine: { costUsd: unknown; poolCostUsd: unknown }): number | null {
  if (machine.costUsd === null) return null;
  // Both are whole millionths; their difference as floating point is not.
  return Math.round((Number(machine.costUsd) - Number(machine.poolCostUsd ?? 0)) * 1e6) / 1e6;
}
