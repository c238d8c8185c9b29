import type { V1Container, V1Pod, V1Volume } from "@kubernetes/client-node";
import { withoutTrailing } from "../../kit/words/without-trailing.ts";

/** A key of a ConfigMap or Secret. */
export interface ConfigKey {
  kind: "ConfigMap" | "Secret";
  object: string;
  key: string;
}

export const configKeyInWords = ({ kind, object, key }: ConfigKey) => `key ${key} of ${kind} ${object}`;

export const isSameKey = (one: ConfigKey, other: ConfigKey) =>
  one.kind === other.kind && one.object === other.object && one.key === other.key;

export type EnvSource =
  | { source: "key"; from: ConfigKey }
  /** Every key of an object becomes a variable, so this one may be among them. */
  | { source: "all"; from: ConfigKey }
  /** Written into the pod's template. */
  | { source: "literal" }
  /** A field of the pod or of its resources. */
  | { source: "other" }
  | { source: "none" };

/** Where a container gets an environment variable from; has says whether an object has a key. */
export function envSource(container: V1Container, name: string, has: (key: ConfigKey) => boolean): EnvSource {
  const own = container.env?.findLast((each) => each.name === name);
  if (own) {
    const { configMapKeyRef, secretKeyRef } = own.valueFrom ?? {};
    if (configMapKeyRef)
      return { source: "key", from: keyOf("ConfigMap", configMapKeyRef.name, configMapKeyRef.key) };
    if (secretKeyRef) return { source: "key", from: keyOf("Secret", secretKeyRef.name, secretKeyRef.key) };
    return { source: own.valueFrom ? "other" : "literal" };
  }
  // A later entry of envFrom wins.
  for (const { prefix = "", configMapRef, secretRef } of [...(container.envFrom ?? [])].reverse()) {
    if (!name.startsWith(prefix)) continue;
    const key = name.slice(prefix.length);
    const from = configMapRef
      ? keyOf("ConfigMap", configMapRef.name, key)
      : keyOf("Secret", secretRef?.name, key);
    if (has(from)) return { source: "all", from };
  }
  return { source: "none" };
}

export type FileSource =
  | { source: "key"; from: ConfigKey; subPath: boolean }
  /** A volume of another kind, by its name. */
  | { source: "other"; volume: string }
  | { source: "none" };

/** Where a file in a container comes from, by the mounts that the pod's template states. */
export function fileSource(pod: V1Pod, container: V1Container, path: string): FileSource {
  const mounts = (container.volumeMounts ?? [])
    .map((mount) => ({ ...mount, mountPath: withoutTrailing(mount.mountPath, "/") }))
    .filter(({ mountPath }) => path === mountPath || path.startsWith(`${mountPath}/`))
    .sort((a, b) => b.mountPath.length - a.mountPath.length);
  const [mount] = mounts;
  if (!mount) return { source: "none" };
  const volume = pod.spec?.volumes?.find((each) => each.name === mount.name);
  const below = path.slice(mount.mountPath.length + 1);
  const within = [mount.subPath ?? mount.subPathExpr ?? "", below].filter(Boolean).join("/");
  const from = volume && keyInVolume(volume, within);
  const subPath = (mount.subPath ?? mount.subPathExpr) !== undefined;
  return from ? { source: "key", from, subPath } : { source: "other", volume: mount.name };
}

/** The key that a volume shows as a file. */
function keyInVolume(volume: V1Volume, file: string): ConfigKey | null {
  const sources = [
    {
      configMap: volume.configMap,
      secret: volume.secret && { ...volume.secret, name: volume.secret.secretName },
    },
    ...(volume.projected?.sources ?? []),
  ];
  for (const { configMap, secret } of sources) {
    const source = configMap ?? secret;
    if (!source) continue;
    const key = source.items ? source.items.find((item) => item.path === file)?.key : file;
    if (key !== undefined) return keyOf(configMap ? "ConfigMap" : "Secret", source.name, key);
  }
  return null;
}

const keyOf = (kind: ConfigKey["kind"], object = "", key = ""): ConfigKey => ({ kind, object, key });
