import type { V1Container, V1Pod } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { type ConfigKey, envSource, fileSource } from "./config-source.ts";

const key = (kind: ConfigKey["kind"], object: string, name: string): ConfigKey => ({
  kind,
  object,
  key: name,
});
const hasPort = ({ object, key: name }: ConfigKey) => object === "cfg" && name === "PORT";

describe("an environment variable comes from", () => {
  const container: V1Container = {
    name: "app",
    env: [
      { name: "LITERAL", value: "1" },
      { name: "URL", valueFrom: { configMapKeyRef: { name: "addresses", key: "url" } } },
      { name: "PASSWORD", valueFrom: { secretKeyRef: { name: "login", key: "password" } } },
      { name: "IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
    ],
    envFrom: [{ configMapRef: { name: "cfg" } }, { prefix: "S_", secretRef: { name: "cfg" } }],
  };

  it.each([
    ["LITERAL", { source: "literal" }],
    ["URL", { source: "key", from: key("ConfigMap", "addresses", "url") }],
    ["PASSWORD", { source: "key", from: key("Secret", "login", "password") }],
    ["IP", { source: "other" }],
    ["PORT", { source: "all", from: key("ConfigMap", "cfg", "PORT") }],
    ["S_PORT", { source: "all", from: key("Secret", "cfg", "PORT") }],
    ["NOTHING", { source: "none" }],
  ])("%s", (name, source) => {
    expect(envSource(container, name, hasPort)).toEqual(source);
  });
});

describe("a file comes from", () => {
  const pod: V1Pod = {
    spec: {
      containers: [],
      volumes: [
        { name: "all", configMap: { name: "cfg" } },
        { name: "some", secret: { secretName: "login", items: [{ key: "password", path: "deep/pw" }] } },
        {
          name: "both",
          projected: {
            sources: [
              { secret: { name: "s", items: [{ key: "k", path: "k" }] } },
              { configMap: { name: "c" } },
            ],
          },
        },
        { name: "scratch", emptyDir: {} },
      ],
    },
  };
  const container: V1Container = {
    name: "app",
    volumeMounts: [
      { name: "scratch", mountPath: "/etc" },
      { name: "all", mountPath: "/etc/app/" },
      { name: "all", mountPath: "/etc/one.conf", subPath: "one.conf" },
      { name: "some", mountPath: "/run/login" },
      { name: "both", mountPath: "/both" },
    ],
  };

  it.each([
    ["/etc/app/a.json", { source: "key", from: key("ConfigMap", "cfg", "a.json"), subPath: false }],
    ["/etc/one.conf", { source: "key", from: key("ConfigMap", "cfg", "one.conf"), subPath: true }],
    ["/run/login/deep/pw", { source: "key", from: key("Secret", "login", "password"), subPath: false }],
    ["/run/login/password", { source: "other", volume: "some" }],
    ["/both/k", { source: "key", from: key("Secret", "s", "k"), subPath: false }],
    ["/both/x", { source: "key", from: key("ConfigMap", "c", "x"), subPath: false }],
    ["/etc/other", { source: "other", volume: "scratch" }],
    ["/etcetera/a", { source: "none" }],
  ])("%s", (path, source) => {
    expect(fileSource(pod, container, path)).toEqual(source);
  });
});
