/** The permission that AWS says is missing, such as ec2:CreateFleet; null where it does not say. */
export function missingPermission(message: string): string | null {
  return (
    /not authorized to perform:? ([a-z0-9-]+:\w+)/.exec(message)?.[1] ??
    /no [a-z-]+ policy allows the ([a-z0-9-]+:\w+) action/.exec(message)?.[1] ??
    null
  );
}
