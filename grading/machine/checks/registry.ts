import { buildImage } from "./docker/build/check.ts";
import { callHttp } from "./docker/http/check.ts";
import { inspectImage } from "./docker/image/check.ts";
import { isolateContainers } from "./docker/isolation/check.ts";
import { limitResources } from "./docker/limits/check.ts";
import { lintDockerfile } from "./docker/lint/check.ts";
import { persistImage } from "./docker/persist/check.ts";
import { runImage } from "./docker/run/check.ts";
import { requiredFiles } from "./files/required/check.ts";
import type { CheckDefinition } from "./kit/define-check.ts";
import { applyObjects } from "./kubernetes/apply/check.ts";
import { judgeConfiguration } from "./kubernetes/config/check.ts";
import { runCronJob } from "./kubernetes/cronjob/check.ts";
import { judgeDaemonSet } from "./kubernetes/daemonset/check.ts";
import { findByName } from "./kubernetes/dns/check.ts";
import { explainCluster } from "./kubernetes/explain/check.ts";
import { loadImage } from "./kubernetes/image/check.ts";
import { awaitJobs } from "./kubernetes/job/check.ts";
import { validateManifests } from "./kubernetes/manifest/check.ts";
import { judgeMultiContainer } from "./kubernetes/multi-container/check.ts";
import { judgePolicy } from "./kubernetes/policy/check.ts";
import { rollBack } from "./kubernetes/rollback/check.ts";
import { updateRolling } from "./kubernetes/rolling-update/check.ts";
import { awaitRollout } from "./kubernetes/rollout/check.ts";
import { scaleDeployment } from "./kubernetes/scale/check.ts";
import { judgeScheduling } from "./kubernetes/scheduling/check.ts";
import { healItself } from "./kubernetes/self-heal/check.ts";
import { judgeService } from "./kubernetes/service/check.ts";
import { judgeStatefulSet } from "./kubernetes/statefulset/check.ts";
import { runScript } from "./shell/run/check.ts";

/** What runs each kind of the catalogue, in the machine alone. */
const definitions = [
  requiredFiles,
  lintDockerfile,
  buildImage,
  runImage,
  callHttp,
  inspectImage,
  limitResources,
  persistImage,
  isolateContainers,
  runScript,
  validateManifests,
  judgePolicy,
  loadImage,
  applyObjects,
  awaitRollout,
  awaitJobs,
  runCronJob,
  judgeConfiguration,
  judgeScheduling,
  judgeDaemonSet,
  judgeStatefulSet,
  judgeMultiContainer,
  judgeService,
  findByName,
  scaleDeployment,
  healItself,
  rollBack,
  updateRolling,
  explainCluster,
];

/** By kind. The settings of each are validated before its run is called, so the map may forget their type. */
export const checkRegistry: ReadonlyMap<string, CheckDefinition> = new Map(
  definitions.map((definition) => [definition.kind, definition as unknown as CheckDefinition]),
);
