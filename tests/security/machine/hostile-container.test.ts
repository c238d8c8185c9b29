import { beforeAll, expect, test } from "vitest";
import type { CheckOutcome, RunEvent } from "#grading/protocol/messages.ts";
import { openTestMachines } from "./support/grade-files.ts";

interface Hostile {
  /** Run by sh in a container of the student's image. */
  script: string;
  verdict: "passed" | "failed";
  happened: RegExp;
  with?: object;
}

const containers: Record<string, Hostile> = {
  forks: {
    script: "f() { f | f & }; f; sleep 60",
    verdict: "failed",
    happened: /had wanted more than the 64 processes and threads at once/,
  },
  "quiet-forks": {
    // Its first shell forks once, while nothing can refuse it, and stays.
    script: "exec 2> /dev/null; f() { f | f & }; f & while :; do :; done",
    verdict: "failed",
    happened:
      /still running after 5 s and was ended, and it had wanted more than the 64 processes and threads at once.* It wrote nothing/,
  },
  memory: {
    script: "tail /dev/zero",
    verdict: "failed",
    happened: /exit status 137, and the system had ended a process of it for taking more than the 64 MiB/,
  },
  "memory-of-a-child": {
    script: "tail /dev/zero; exit 0",
    verdict: "failed",
    happened: /exit status 0, and the system had ended a process of it for taking more than the 64 MiB/,
  },
  flood: { script: "yes", verdict: "failed", happened: /more than the 16 MiB of output that it may/ },
  crash: {
    script: "kill -SEGV $$",
    verdict: "failed",
    happened: /exit status 139: signal 11 \(segmentation fault\) ended it/,
  },
  abort: { script: "kill -ABRT $$", verdict: "failed", happened: /exit status 134: signal 6 \(abort\)/ },
  missing: {
    script: "no-such-program",
    verdict: "failed",
    happened: /exit status 127: the program was not found/,
  },
  busy: { script: "while :; do :; done", verdict: "failed", happened: /still running after 5 s/ },
  stubborn: {
    script: "trap '' TERM INT HUP; while :; do sleep 1; done",
    verdict: "failed",
    happened: /still running after 5 s/,
  },
  daemon: { script: "setsid sleep 600 & exit 0", verdict: "passed", happened: /exit status 0/ },
  "long-line": {
    script: "head -c 3000000 /dev/zero | tr '\\0' x; echo; echo end",
    verdict: "passed",
    happened: /as asked/,
    with: { output: { contains: "end" } },
  },
  "not-utf-8": {
    script: "printf '\\377\\376\\000ok\\n'",
    verdict: "passed",
    happened: /as asked/,
    with: { output: { contains: "ok" } },
  },
  disk: {
    script: "dd if=/dev/zero of=/tmp/fill bs=1M; touch /file",
    verdict: "failed",
    happened: /Read-only file system/,
  },
  mount: {
    script: "mount -t tmpfs none /mnt",
    verdict: "failed",
    happened: /permission denied|not permitted/i,
  },
  namespaces: { script: "unshare -m true", verdict: "failed", happened: /not permitted/i },
  "engine-socket": {
    script: "find / -name '*.sock' 2>/dev/null | grep . && echo FOUND",
    verdict: "failed",
    happened: /exit status 1\. It wrote nothing/,
  },
  "hidden-files": {
    script: "grep -r the-hidden-answer / --exclude-dir=proc --exclude-dir=sys 2>/dev/null",
    verdict: "failed",
    happened: /It wrote nothing/,
  },
  "other-processes": {
    script: "grep -l 'agent[.]mjs' /proc/[0-9]*/cmdline",
    verdict: "failed",
    happened: /exit status 1/,
  },
  network: {
    script:
      "wget -q -T 2 -O - http://127.0.0.1:5000/v2/ || wget -q -T 2 -O - http://169.254.169.254/ || ip route | grep .",
    verdict: "failed",
    happened: /unreachable|refused/,
  },
};

/** Instead of a server on port 8080, of which one request is asked. */
const servers: Record<string, Hostile> = {
  "http-forks": {
    // Its first shell forks once, while nothing can refuse it, and stays.
    script: "exec 2> /dev/null; f() { f | f & }; f & while :; do :; done",
    verdict: "failed",
    happened: /^It had wanted more than the 64 processes.*\. Nothing answered on port 8080 for 3 s/,
  },
  "http-memory": {
    script: "tail /dev/zero",
    verdict: "failed",
    happened:
      /ended before it answered\. It ended with exit status 137, and the system .* the 64 MiB of memory/,
  },
  "http-memory-of-a-child": {
    script: "tail /dev/zero; sleep 60",
    verdict: "failed",
    happened: /^The system had ended a process of it for taking more than the 64 MiB of memory/,
  },
  "http-flood": { script: "yes", verdict: "failed", happened: /more than the 16 MiB of output that it may/ },
  "http-crash": {
    script: "kill -SEGV $$",
    verdict: "failed",
    happened: /ended before it answered\. It ended with exit status 139: signal 11/,
  },
  "http-other-port": {
    script: "httpd -f -p 0.0.0.0:9090 -h /tmp",
    verdict: "failed",
    // And not on 127.0.0.11, where the engine's own name server is.
    happened: /the container listens on 0\.0\.0\.0 port 9090\.$/,
  },
  "http-loopback": {
    script: "httpd -f -p 127.0.0.1:8080 -h /tmp",
    verdict: "failed",
    happened: /listens on port 8080, but only on 127\.0\.0\.1/,
  },
  "http-no-port": {
    script: "echo working; sleep 60",
    verdict: "failed",
    happened: /listens on no port\. Its last line was “working”\.$/,
  },
  "http-no-answer": {
    script: "while :; do nc -l -p 8080 -e true; done",
    verdict: "failed",
    happened: /GET \/ got no whole answer/,
  },
  "http-dies-when-asked": {
    // The first connection only asks whether the port is open and says nothing.
    script: "nc -ll -p 8080 -e sh -c 'read line && kill -KILL -1'",
    verdict: "failed",
    happened: /got no whole answer: the container ended\. It ended with exit status 137: signal 9/,
  },
  "http-long-line": {
    script: "head -c 3000000 /dev/zero | tr '\\0' x; echo; exec httpd -f -p 8080 -h /tmp",
    verdict: "passed",
    happened: /answered as asked/,
    with: { requests: [{ path: "/", status: 404 }] },
  },
};

let checks: Map<string, CheckOutcome>;
let events: RunEvent[];
beforeAll(async () => {
  const machines = await openTestMachines();
  const graded = await machines.grade(
    {
      slug: "hostile-containers",
      title: "Hostile containers",
      timeoutSeconds: 900,
      checks: [
        { id: "build", kind: "docker/build", title: "build", points: 1 },
        ...Object.entries(containers).map(([name, hostile]) => ({
          id: name,
          kind: "docker/run",
          title: name,
          points: 1,
          with: {
            entrypoint: ["sh", "-c"],
            args: [hostile.script],
            seconds: 5,
            sandbox: { memoryMiB: 64 },
            ...hostile.with,
          },
        })),
        ...Object.entries(servers).map(([name, hostile]) => ({
          id: name,
          kind: "docker/http",
          title: name,
          points: 1,
          with: {
            args: ["sh", "-c", hostile.script],
            port: 8080,
            readySeconds: 3,
            sandbox: { memoryMiB: 64 },
            requests: [{ path: "/" }],
            ...hostile.with,
          },
        })),
        {
          id: "gateway",
          kind: "docker/http",
          title: "gateway",
          points: 1,
          with: { port: 8080, requests: [{ path: "/" }] },
        },
        {
          id: "forged",
          kind: "shell/run",
          title: "forged",
          points: 1,
          with: { script: "judge.sh", image: "busybox:latest", output: { equals: "right" } },
        },
        { id: "well", kind: "docker/run", title: "well", points: 1, with: { entrypoint: ["true"] } },
      ],
    },
    { "judge.sh": "#!/bin/sh\nsh /submission/answer.sh\n", "secret.txt": "the-hidden-answer" },
    {
      Dockerfile: 'FROM busybox:latest\nCOPY serve.sh /serve.sh\nCMD ["sh", "/serve.sh"]',
      // A server that first tries every port that matters on the machine's own end of its network.
      "serve.sh": `#!/bin/sh
gateway=$(ip route | sed -n 's/.*src \\([0-9]*\\.[0-9]*\\.[0-9]*\\)\\..*/\\1.1/p')
for port in 22 2375 2376 5000 8080; do nc -z -w 1 "$gateway" $port 2>/dev/null && echo "REACHED $gateway $port"; done
mkdir -p /tmp/www; echo hello > /tmp/www/index.html
httpd -f -p 8080 -h /tmp/www
`,
      "answer.sh": `#!/bin/sh
echo '{"verdict":"passed","share":1,"points":1000}' | tee /tmp/result.json /check/result.json 2>/dev/null
echo '{"share":1}' > "$DRYDOCK_RESULT"
`,
    },
  );
  expect(graded.reason).toBeNull();
  checks = new Map(graded.checks.map((check) => [check.id, check]));
  events = graded.events;
}, 600_000);

for (const [name, { verdict, happened }] of Object.entries({ ...containers, ...servers }))
  test(`a container that does “${name}” is ${verdict} and named as what it is`, () => {
    expect(checks.get(name)?.message.happened).toMatch(happened);
    expect(checks.get(name)?.verdict).toBe(verdict);
  });

test("what a container wrote before its last line is shown beside the sentence", () => {
  const shown = checks
    .get("disk")
    ?.message.shown?.flatMap(({ lines }) => lines)
    .join("\n");
  expect(shown).toMatch(/No space left on device.*Read-only file system/s);
});

test("the machine's own end of a container's network answers on no port", () => {
  expect(checks.get("gateway")).toMatchObject({ verdict: "passed" });
  expect(JSON.stringify(events)).not.toContain("REACHED");
});

test("what student code writes decides no verdict", () => {
  expect(checks.get("forged")).toMatchObject({ verdict: "failed", points: 0 });
});

test("no line of the live log is longer than the protocol takes, and a flood leaves room for the rest", () => {
  const lines = events.flatMap((event) => (event.type === "log" ? [event] : []));
  expect(Math.max(...lines.map(({ line }) => line.length))).toBeLessThanOrEqual(8192);
  expect(lines.filter(({ check }) => check === "flood").length).toBeLessThan(5000);
  expect(JSON.stringify(lines)).toContain("left out of the live log");
});

test("the machine still runs containers after all of them", () => {
  expect(checks.get("well")).toMatchObject({ verdict: "passed" });
});
