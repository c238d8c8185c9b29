/** Manifests as a student writes them, for tests. */

/** Says its pod's name and the VERSION in its environment; ends at SIGTERM. START: seconds before it listens. */
export const program = `
import http.server, os, signal, socket, sys, time
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
time.sleep(float(os.environ.get("START", "0")))
if os.environ.get("VERSION") == "broken":
    sys.exit("VERSION broken is unknown")
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = f"{socket.gethostname()} {os.environ.get('VERSION', 'v1')}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *_):
        pass
http.server.ThreadingHTTPServer(("", 8080), Handler).serve_forever()
`;

export interface WebWorkload {
  name: string;
  kind?: "Deployment" | "StatefulSet" | "DaemonSet";
  replicas?: number;
  image?: string;
  command?: string[];
  /** Taken into the container as they are. */
  container?: object;
  /** Taken into the pods' spec. */
  pod?: object;
  /** Taken into the workload's spec. */
  spec?: object;
}

/** A workload whose pods answer HTTP at port 8080 with their name. */
export function workload(options: WebWorkload): object {
  const { name, kind = "Deployment", replicas = 2, image = "python:3.13-slim" } = options;
  const { command = ["python3", "-u", "-c", program] } = options;
  return {
    apiVersion: "apps/v1",
    kind,
    metadata: { name },
    spec: {
      ...(kind === "DaemonSet" ? {} : { replicas }),
      ...(kind === "StatefulSet" ? { serviceName: name } : {}),
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          containers: [
            {
              name: "web",
              image,
              command,
              ports: [{ containerPort: 8080 }],
              resources: { requests: { cpu: "10m", memory: "24Mi" } },
              readinessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 1, failureThreshold: 1 },
              ...options.container,
            },
          ],
          ...options.pod,
        },
      },
      ...options.spec,
    },
  };
}

/** A Service for the workload of the same name. */
export const service = (name: string, spec: object = {}): object => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name },
  spec: { selector: { app: name }, ports: [{ port: 80, targetPort: 8080 }], ...spec },
});

/** Several objects in one file; JSON is YAML too. */
export const manifest = (...objects: object[]): string =>
  objects.map((object) => JSON.stringify(object)).join("\n---\n");
