import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";

/** Where Debian packages come from while the image is built; null leaves it to the tools, which know a place. */
export interface AptSource {
  mirror: string | null;
  securityMirror: string | null;
  proxy: string | null;
}

/**
 * The mirrors and proxy that this computer's own apt uses, so that a build works wherever `apt-get install` does.
 * No mirror where the computer is not a Debian (its mirrors then have other packages) or has no apt.
 */
export async function readHostApt(root = "/"): Promise<AptSource> {
  const release = await readText(path.join(root, "etc/os-release"));
  const proxy = await readProxy();
  if (!/^ID=debian$/m.test(release)) return { mirror: null, securityMirror: null, proxy };
  const codename = /^VERSION_CODENAME=(\w+)$/m.exec(release)?.[1] ?? "";
  const entries = await readEntries(path.join(root, "etc/apt"));
  const find = (suite: string) =>
    entries.find((entry) => entry.suites.includes(suite) && entry.components.includes("main"))?.uri ?? null;
  const mirror = find(codename);
  // The tools' own places come as a pair too.
  return { mirror, securityMirror: mirror === null ? null : find(`${codename}-security`), proxy };
}

/** As provision.sh takes it. */
export function aptEnvironment(apt: AptSource): string[] {
  return [
    ...(apt.mirror === null ? [] : [`DRYDOCK_DEBIAN_MIRROR=${apt.mirror}`]),
    ...(apt.securityMirror === null ? [] : [`DRYDOCK_DEBIAN_SECURITY_MIRROR=${apt.securityMirror}`]),
    ...(apt.proxy === null ? [] : [`DRYDOCK_APT_PROXY=${apt.proxy}`]),
  ];
}

interface AptEntry {
  uri: string;
  suites: string[];
  components: string[];
}

async function readEntries(aptDir: string): Promise<AptEntry[]> {
  const parts = path.join(aptDir, "sources.list.d");
  const names = (await readdir(parts).catch(() => [])).sort();
  const files = [
    path.join(aptDir, "sources.list"),
    ...names.filter((name) => /\.(list|sources)$/.test(name)).map((name) => path.join(parts, name)),
  ];
  const entries: AptEntry[] = [];
  for (const file of files) {
    const text = await readText(file);
    entries.push(...(file.endsWith(".sources") ? parseDeb822(text) : parseOneLine(text)));
  }
  // Only what can be fetched over the network makes sense in a container.
  return entries.filter((entry) => /^https?:/.test(entry.uri));
}

function parseDeb822(text: string): AptEntry[] {
  const withoutComments = text.replace(/^#.*\n?/gm, "");
  return withoutComments.split(/\n\s*\n/).flatMap((stanza) => {
    const field = (name: string) =>
      new RegExp(`^${name}:((?:.*)(?:\\n[ \\t].*)*)`, "im").exec(stanza)?.[1]?.trim().split(/\s+/) ?? [];
    if (!field("Types").includes("deb") || field("Enabled")[0]?.toLowerCase() === "no") return [];
    return field("URIs").map((uri) => ({ uri, suites: field("Suites"), components: field("Components") }));
  });
}

function parseOneLine(text: string): AptEntry[] {
  return text.split("\n").flatMap((line) => {
    const match = /^\s*deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)\s+([^#]+)/.exec(line);
    if (!match?.[1] || !match[2] || !match[3]) return [];
    return [{ uri: match[1], suites: [match[2]], components: match[3].trim().split(/\s+/) }];
  });
}

/** apt's own word on its proxy; none where there is no apt. */
async function readProxy(): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)("apt-config", ["shell", "proxy", "Acquire::http::Proxy"]);
    return /^proxy='([^']+)'$/m.exec(stdout)?.[1] ?? null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}
