/** Why something in the cluster is not as it should be, for the message of a check. */
export interface Trouble {
  cause: TroubleCause;
  /** Sentences that name the object, with the cluster's own words quoted. */
  happened: string;
  fix: string;
}

export type TroubleCause =
  | "image"
  | "crash"
  | "command"
  | "probe"
  | "unschedulable"
  | "quota"
  | "admission"
  | "config"
  | "volume"
  | "permission"
  | "paused"
  | "finalizer"
  | "waiting";
