import type { CheckDefinition } from "./define-check.ts";
import { buildImage } from "./docker/build.ts";
import { callHttp } from "./docker/http.ts";
import { inspectImage } from "./docker/image.ts";
import { isolateContainers } from "./docker/isolation.ts";
import { limitResources } from "./docker/limits.ts";
import { lintDockerfile } from "./docker/lint.ts";
import { persistImage } from "./docker/persist.ts";
import { runImage } from "./docker/run.ts";
import { requiredFiles } from "./files/required.ts";
import { applyObjects } from "./kubernetes/apply.ts";
import { judgeConfiguration } from "./kubernetes/config.ts";
import { runCronJob } from "./kubernetes/cronjob.ts";
import { judgeDaemonSet } from "./kubernetes/daemonset.ts";
import { findByName } from "./kubernetes/dns.ts";
import { explainCluster } from "./kubernetes/explain.ts";
import { loadImage } from "./kubernetes/image.ts";
import { awaitJobs } from "./kubernetes/job.ts";
import { validateManifests } from "./kubernetes/manifest.ts";
import { judgeMultiContainer } from "./kubernetes/multi-container.ts";
import { judgePolicy } from "./kubernetes/policy.ts";
import { rollBack } from "./kubernetes/rollback.ts";
import { updateRolling } from "./kubernetes/rolling-update.ts";
import { awaitRollout } from "./kubernetes/rollout.ts";
import { scaleDeployment } from "./kubernetes/scale.ts";
import { judgeScheduling } from "./kubernetes/scheduling.ts";
import { healItself } from "./kubernetes/self-heal.ts";
import { judgeService } from "./kubernetes/service.ts";
import { judgeStatefulSet } from "./kubernetes/statefulset.ts";
import { runScript } from "./shell/run.ts";

/** Every kind of check there is. A new one is a file with defineCheck and a line here. */
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
