/** In the machine only: what must never be seen from inside the cluster. */
export const secret = "the-hidden-answer-is-42";
export const secretFolder = "/var/lib/drydock/run/attempt-1/hidden";
/** Something of the machine's own that answers whoever reaches it. */
export const machinePort = 18_080;

/** Prints the paths of all that a root can find of the machine's: the hidden file, sockets of engine and agent, orders. */
export const searchScript = `
  find / \\( -path /proc -o -path /sys \\) -prune -o -type f -name answer.txt -exec grep -ls ${secret} {} + 2>/dev/null
  find / \\( -path /proc -o -path /sys \\) -prune -o -type s \\( -name 'docker*.sock' -o -name agent.sock \\) -print 2>/dev/null
  find / \\( -path /proc -o -path /sys \\) -prune -o -name user-data.json -print 2>/dev/null
  ls -d /proc/*/root/var/lib/drydock/run 2>/dev/null
  true`;
