import { dockerBuild } from "./docker/build/settings.ts";
import { dockerHttp } from "./docker/http/settings.ts";
import { dockerImage } from "./docker/image/settings.ts";
import { dockerIsolation } from "./docker/isolation/settings.ts";
import { dockerLimits } from "./docker/limits/settings.ts";
import { dockerLint } from "./docker/lint/settings.ts";
import { dockerPersist } from "./docker/persist/settings.ts";
import { dockerRun } from "./docker/run/settings.ts";
import { filesRequired } from "./files/required/settings.ts";
import type { CheckKind } from "./kit/define-kind.ts";
import { kubernetesApply } from "./kubernetes/apply/settings.ts";
import { kubernetesConfig } from "./kubernetes/config/settings.ts";
import { kubernetesCronjob } from "./kubernetes/cronjob/settings.ts";
import { kubernetesDaemonset } from "./kubernetes/daemonset/settings.ts";
import { kubernetesDns } from "./kubernetes/dns/settings.ts";
import { kubernetesExplain } from "./kubernetes/explain/settings.ts";
import { kubernetesImage } from "./kubernetes/image/settings.ts";
import { kubernetesJob } from "./kubernetes/job/settings.ts";
import { kubernetesManifest } from "./kubernetes/manifest/settings.ts";
import { kubernetesMultiContainer } from "./kubernetes/multi-container/settings.ts";
import { kubernetesPolicy } from "./kubernetes/policy/settings.ts";
import { kubernetesRollback } from "./kubernetes/rollback/settings.ts";
import { kubernetesRollingUpdate } from "./kubernetes/rolling-update/settings.ts";
import { kubernetesRollout } from "./kubernetes/rollout/settings.ts";
import { kubernetesScale } from "./kubernetes/scale/settings.ts";
import { kubernetesScheduling } from "./kubernetes/scheduling/settings.ts";
import { kubernetesSelfHeal } from "./kubernetes/self-heal/settings.ts";
import { kubernetesService } from "./kubernetes/service/settings.ts";
import { kubernetesStatefulset } from "./kubernetes/statefulset/settings.ts";
import { shellRun } from "./shell/run/settings.ts";

/** Every kind of check there is. A new one is a folder with settings.ts and check.ts, a line here and one in registry.ts. */
const kinds = [
  filesRequired,
  dockerLint,
  dockerBuild,
  dockerRun,
  dockerHttp,
  dockerImage,
  dockerLimits,
  dockerPersist,
  dockerIsolation,
  shellRun,
  kubernetesManifest,
  kubernetesPolicy,
  kubernetesImage,
  kubernetesApply,
  kubernetesRollout,
  kubernetesJob,
  kubernetesCronjob,
  kubernetesConfig,
  kubernetesScheduling,
  kubernetesDaemonset,
  kubernetesStatefulset,
  kubernetesMultiContainer,
  kubernetesService,
  kubernetesDns,
  kubernetesScale,
  kubernetesSelfHeal,
  kubernetesRollback,
  kubernetesRollingUpdate,
  kubernetesExplain,
];

/** By kind, without what runs them: all that web, the loader of courses and the command line need. */
export const checkCatalogue: ReadonlyMap<string, CheckKind> = new Map(
  kinds.map((kind) => [kind.kind, kind as unknown as CheckKind]),
);
