import { readFile } from "node:fs/promises";

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

/** Where systems keep the authorities that they trust: Debian, Red Hat, macOS. */
const bundles = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/cert.pem",
];

/** The certificates that this computer trusts (a proxy's own may be among them), as PEM; null when not found. */
export async function trustedCertificates(
  env: Record<string, string | undefined> = process.env,
): Promise<Buffer | null> {
  for (const file of env.SSL_CERT_FILE ? [env.SSL_CERT_FILE] : bundles) {
    try {
      return await readFile(file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  }
  return null;
}
