import { RE2JS, re } from "re2js";
import { quoteOutput } from "../../../kit/words/quote-output.ts";
import type { Trouble } from "../api/trouble.ts";

const podSecurity = re(RE2JS.DOTALL)`violates PodSecurity "([a-z]+)[^"]*": (.*)`;
const quotaAsks = re`failed quota: \S+: must specify ([^"]*)`;
const limitRange = re`(minimum|maximum) \S+ usage per|(request|limit) ratio`;
export const missingAccount = re`serviceaccount "([^"]+)" not found`;

/**
 * Why the API server does not take a pod or another object, from its own words: Pod Security, quota, limit range.
 * what names the object in a sentence, such as "Deployment web". null when the words speak of something else.
 */
export function explainAdmission(what: string, words: string): Trouble | null {
  const said = `${what}: the API server said ${quoteOutput(words)}`;
  const security = podSecurity.exec(words);
  if (security)
    return {
      cause: "admission",
      happened: `${said}. The namespace takes only pods that keep to the Pod Security standard “${security[1]}”.`,
      fix: podSecurityFix(security[2] ?? ""),
    };
  if (/exceeded quota/.test(words))
    return {
      cause: "quota",
      happened: `${said}. The namespace may use no more than its ResourceQuota.`,
      fix: "Ask for less: fewer replicas, or smaller resources.requests and resources.limits. The refusal says what was requested, used and allowed.",
    };
  const must = quotaAsks.exec(words);
  if (must)
    return {
      cause: "quota",
      happened: `${said}. The namespace has a ResourceQuota, so every container must say what it takes.`,
      fix: `State resources for every container: ${must[1]?.trim()}.`,
    };
  if (limitRange.test(words))
    return {
      cause: "quota",
      happened: `${said}. The namespace's LimitRange says how much one container may ask for.`,
      fix: "Correct resources.requests and resources.limits to what the refusal names.",
    };
  if (/privileged: Forbidden: disallowed by cluster policy/.test(words))
    return {
      cause: "admission",
      happened: `${said}. Nothing here runs with the rights of the node.`,
      fix: "Remove securityContext.privileged.",
    };
  const account = missingAccount.exec(words)?.[1];
  if (account)
    return {
      cause: "config",
      happened: `${said}. It is to run as a ServiceAccount that is not there.`,
      fix: `Hand in a ServiceAccount named ${account} in the same namespace, or remove serviceAccountName.`,
    };
  return null;
}

/** Part of a refusal of Pod Security, and what to write instead. */
const securityFixes: [RegExp, string][] = [
  [/privileged \(|privileged=true/, "Remove securityContext.privileged."],
  [/host namespaces/, "Remove hostNetwork, hostPID and hostIPC."],
  [
    /hostPath volumes|restricted volume types/,
    "Use emptyDir, configMap, secret or a persistentVolumeClaim as volumes, no hostPath.",
  ],
  [/hostPort/, "Remove hostPort; a Service of type NodePort opens a port on every node."],
  [/non-default capabilities/, "Remove securityContext.capabilities.add."],
  [/allowPrivilegeEscalation/, "Set securityContext.allowPrivilegeEscalation: false in every container."],
  [/unrestricted capabilities/, 'Set securityContext.capabilities.drop: ["ALL"] in every container.'],
  [
    /runAsNonRoot/,
    "Set securityContext.runAsNonRoot: true, and runAsUser to a number other than 0 where the image's user is root.",
  ],
  [/runAsUser=0/, "Set securityContext.runAsUser to a number other than 0."],
  [/seccompProfile/, "Set securityContext.seccompProfile.type: RuntimeDefault."],
  [/forbidden sysctls/, "Remove securityContext.sysctls."],
];

function podSecurityFix(words: string): string {
  const fixes = securityFixes.filter(([pattern]) => pattern.test(words)).map(([, fix]) => fix);
  return fixes.length > 0 ? fixes.join(" ") : "Change what the refusal names in parentheses.";
}
