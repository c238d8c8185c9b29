import type { CheckContext } from "../../kit/define-check.ts";
import { isNotFound } from "../kit/api/api-error.ts";
import { createClients } from "../kit/api/clients.ts";
import { requestApi } from "../kit/api/request-api.ts";
import { watched } from "../kit/api/watched.ts";
import { type ConfigKey, configKeyInWords } from "./config-source.ts";

interface ConfigObject {
  data?: Record<string, string>;
  binaryData?: Record<string, string>;
}

/** Values of ConfigMaps and Secrets of a namespace as text, by object; null for objects that are not there. */
export interface ConfigObjects {
  /** null when there is no such object or key. */
  valueOf(key: ConfigKey): string | null;
  /** Why there is no value, for a message. */
  absence(key: ConfigKey): { happened: string; fix: string };
}

/** Reads the objects that keys name. */
export async function readConfigObjects(
  context: CheckContext,
  namespace: string,
  keys: { kind: ConfigKey["kind"]; object: string }[],
): Promise<ConfigObjects> {
  const { admin } = context.kubernetes();
  const found = new Map<string, Map<string, string> | null>();
  for (const { kind, object } of keys) {
    const name = `${kind} ${object}`;
    if (found.has(name)) continue;
    const path = `${watched(kind, namespace).path}/${object}`;
    try {
      const { body } = await requestApi<ConfigObject>(admin, { method: "GET", path }, context.signal);
      found.set(name, textOf(kind, body));
    } catch (error) {
      if (!isNotFound(error)) throw error;
      found.set(name, null);
    }
  }
  const of = ({ kind, object }: ConfigKey) => found.get(`${kind} ${object}`) ?? null;
  return {
    valueOf: (key) => of(key)?.get(key.key) ?? null,
    absence(key) {
      const object = of(key);
      if (object === null)
        return {
          happened: `There is no ${key.kind} ${key.object} in the namespace ${namespace}.`,
          fix: `Hand in a ${key.kind} with metadata.name: ${key.object} and the key ${key.key}.`,
        };
      return {
        happened: `${key.kind} ${key.object} has no key ${key.key}; it has ${[...object.keys()].join(", ") || "none"}.`,
        fix: `Add the key ${key.key} to ${key.kind} ${key.object}.`,
      };
    },
  };
}

function textOf(kind: ConfigKey["kind"], { data = {}, binaryData = {} }: ConfigObject): Map<string, string> {
  const decode = (text: string) => Buffer.from(text, "base64").toString("utf8");
  const values = Object.entries(data).map(
    ([key, value]) => [key, kind === "Secret" ? decode(value) : value] as const,
  );
  return new Map([
    ...values,
    ...Object.entries(binaryData).map(([key, value]) => [key, decode(value)] as const),
  ]);
}

/** Changes a key with full rights. Throws ApiRefused when the object is immutable. */
export async function writeConfigKey(
  context: CheckContext,
  namespace: string,
  key: ConfigKey,
  value: string,
): Promise<void> {
  const clients = createClients(context.kubernetes().admin, context.signal);
  const written = key.kind === "Secret" ? Buffer.from(value).toString("base64") : value;
  await requestApi(
    clients.config,
    {
      method: "PATCH",
      path: `${watched(key.kind, namespace).path}/${key.object}`,
      contentType: "application/merge-patch+json",
      body: { data: { [key.key]: written } },
    },
    context.signal,
  );
  context.log(`${configKeyInWords(key)} changed`);
}
