import path from "node:path";
import type { RecipeFile } from "../recipe.ts";

/** Programs that one Go module of kubernetes-binaries/ pins and builds. */
export interface BinaryModule {
  /** Its folder. */
  name: string;
  /** Such as v1.36.3; of what it builds, as its go.mod says. */
  version: string;
  /** go.mod and go.sum. */
  files: RecipeFile[];
  programs: string[];
  /** What Go names a program that is called otherwise: its name by Go's. */
  builtAs: Record<string, string>;
  tags: string[];
  /** For the linker, besides leaving symbols out. */
  ldflags: string;
  /** What building it takes on two cores, downloads included; measured. */
  seconds: number;
  /** Published file by file by the Kubernetes project. */
  released: boolean;
}

const folder = "kubernetes-binaries";

interface ModuleDefinition extends Omit<BinaryModule, "version" | "files" | "ldflags"> {
  /** The module that is built, as in go.mod. */
  builds: string;
  ldflags(version: string): string;
}

const definitions: ModuleDefinition[] = [
  {
    name: "kubernetes",
    builds: "k8s.io/kubernetes",
    programs: [
      "kube-apiserver",
      "kube-controller-manager",
      "kube-scheduler",
      "kube-proxy",
      "kubelet",
      "kubectl",
    ],
    builtAs: {},
    tags: [],
    ldflags: kubernetesVersion,
    seconds: 320,
    released: true,
  },
  {
    name: "containerd",
    builds: "github.com/containerd/containerd/v2",
    programs: ["containerd", "containerd-shim-runc-v2", "ctr"],
    builtAs: {},
    tags: ["no_btrfs", "no_zfs", "no_devmapper", "no_aufs"],
    ldflags: (version) => `-X github.com/containerd/containerd/v2/version.Version=${version}`,
    seconds: 60,
    released: false,
  },
  {
    name: "coredns",
    builds: "github.com/coredns/coredns",
    programs: ["coredns"],
    builtAs: {},
    tags: [],
    ldflags: () => "",
    seconds: 100,
    released: false,
  },
  {
    name: "etcd",
    builds: "go.etcd.io/etcd/server/v3",
    programs: ["etcd"],
    builtAs: { server: "etcd" },
    tags: [],
    ldflags: () => "",
    seconds: 25,
    released: false,
  },
];

/** What the release's own build script says of itself, as far as programs ask for it. */
function kubernetesVersion(version: string): string {
  const [, major, minor] = /^v(\d+)\.(\d+)/.exec(version) ?? [];
  const facts = { gitVersion: version, gitMajor: major, gitMinor: minor, gitTreeState: "clean" };
  return ["k8s.io/component-base/version", "k8s.io/client-go/pkg/version"]
    .flatMap((home) => Object.entries(facts).map(([name, value]) => `-X ${home}.${name}=${value}`))
    .join(" ");
}

/** The modules with their versions and pins, of the files of the recipe's Kubernetes layer. */
export function readModules(recipe: RecipeFile[]): BinaryModule[] {
  return definitions.map(({ builds, ldflags, ...module }) => {
    const files = recipe
      .filter((file) => path.posix.dirname(file.path) === `${folder}/${module.name}`)
      .map((file) => ({ ...file, path: path.posix.basename(file.path) }));
    const version = versionOf(builds, files);
    return { ...module, version, files, ldflags: ldflags(version) };
  });
}

/** The script that builds a module, of the same files. */
export function readBuildScript(recipe: RecipeFile[]): RecipeFile {
  const script = recipe.find((file) => file.path === `${folder}/build.sh`);
  if (!script) throw new Error(`The recipe has no ${folder}/build.sh.`);
  return script;
}

function versionOf(builds: string, files: RecipeFile[]): string {
  const pins = files.find((file) => file.path === "go.mod")?.content.toString() ?? "";
  const line = pins.split("\n").find((one) => one.trim().startsWith(`${builds} v`));
  const version = line?.trim().split(" ")[1];
  if (!version) throw new Error(`${folder}: no go.mod requires ${builds}.`);
  return version;
}
