export interface AttackReport {
  /** Status and words of the API server by attack; 2xx means that it was let through. */
  api: Record<string, { status: number; words: string }>;
  /** "open", or why a connection from a pod failed, by target. */
  connections: Record<string, string>;
  /** What a pod as root finds of the machine's secrets among all that it can read. */
  podFinds: string[];
  /** The same for a whole node, as its root. */
  nodeFinds: string[];
  /** The same for the machine itself, where all of it is: that the search finds what there is to find. */
  machineFinds: string[];
  /** That the machine's own port answers, seen from the machine. */
  machineAnswers: boolean;
  configMapsBeforeRefusal: number;
}
