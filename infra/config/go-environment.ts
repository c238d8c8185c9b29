/** What a Go elsewhere needs to fetch modules as this computer's would. */
const names = [
  "GOPROXY",
  "GONOPROXY",
  "GOSUMDB",
  "GONOSUMDB",
  "GOPRIVATE",
  "GOINSECURE",
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "NO_PROXY",
];

/** NAME=value of the settings for Go's downloads that are set, for a Go in a container. */
export function goEnvironment(env: Record<string, string | undefined> = process.env): string[] {
  return names.flatMap((name) => {
    const value = env[name] ?? env[name.toLowerCase()];
    return value === undefined || value === "" ? [] : [`${name}=${value}`];
  });
}
