import type { FileStore } from "#grading/submissions/ports.ts";
import type { Ec2Api } from "../ec2-api.ts";

/** Where images are made: what `drydock aws outputs` says of it. */
export interface ImagePlace {
  api: Ec2Api;
  installation: string;
  deployment: string;
  /** A network of the builder's own, with the internet. */
  subnetId: string;
  securityGroupId: string;
  /** Which the rights allow, tried in this order. */
  instanceTypes: readonly string[];
  /** Of the builder's disk, and so the least that a machine's can be. */
  volumeGiB: number;
  /** Of the bucket, below a folder of its own: the builder fetches the recipe from it by a link. */
  store: Required<Pick<FileStore, "put" | "delete" | "presign">>;
}
