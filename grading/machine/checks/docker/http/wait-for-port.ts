import net from "node:net";
import { performance } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import {
  exitInWords,
  fixForExit,
  fixForRefusals,
  refusalsInWords,
} from "../../kit/container/exit-in-words.ts";
import type { RunningContainer } from "../../kit/container/start-container.ts";
import type { CheckContext } from "../../kit/define-check.ts";
import { type Listener, listenersOf } from "../../kit/http/listeners.ts";
import type { SandboxSettings } from "../../kit/settings/settings.ts";
import type { RequestNotes } from "../../kit/shown/request-notes.ts";
import { lastLineInWords } from "../../kit/words/quote-output.ts";

const betweenTriesMs = 40;
const tryMs = 1000;

export type PortReady =
  | { outcome: "ready"; address: string }
  | { outcome: "not-ready"; happened: string; fix: string };

/**
 * Waits until the container's port accepts a connection. When it does not: says whether the container ended, or
 * where it listens instead, by looking at its open sockets from outside.
 */
export async function waitForPort(
  context: CheckContext,
  running: RunningContainer,
  network: string,
  settings: { port: number; readySeconds: number; sandbox: SandboxSettings },
  tried: RequestNotes,
): Promise<PortReady> {
  const { port, readySeconds, sandbox } = settings;
  const end = performance.now() + readySeconds * 1000;
  const inspected = await running.container.inspect();
  const address = inspected.NetworkSettings.Networks[network]?.IPAddress ?? "";
  let connections = 0;
  const connect = `connect to port ${port}`;
  while (performance.now() < end) {
    if (address !== "") {
      connections += 1;
      if (await accepts(address, port)) {
        tried.note(connect, "accepted");
        return { outcome: "ready", address };
      }
    }
    const exit = await running.exited();
    if (exit) {
      tried.note(connect, `not accepted, the last of ${connections} tries; the container had ended`);
      return {
        outcome: "not-ready",
        happened: `The container ended before it answered. ${exitInWords(exit, readySeconds, sandbox)} ${lastLineInWords(exit.output)}`,
        fix:
          fixForExit(exit, sandbox) ??
          "Start the server with docker run yourself: it must stay in the foreground, and its last lines say why it ended.",
      };
    }
    await wait(betweenTriesMs, undefined, { signal: context.signal });
  }
  tried.note(connect, `not accepted, the last of ${connections} tries`);
  const listening = await listenersOf(inspected.State.Pid);
  const said = explain(port, readySeconds, listening, running.output());
  const refused = await running.refusals();
  const told = refusalsInWords(refused, sandbox);
  return {
    outcome: "not-ready",
    happened: told === null ? said.happened : `${capital(told)}. ${said.happened}`,
    fix: fixForRefusals(refused, sandbox) ?? said.fix,
  };
}

const capital = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1);

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ host, port, timeout: tryMs });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("connect", () => end(true));
    socket.once("timeout", () => end(false));
    socket.once("error", () => end(false));
  });
}

function explain(port: number, seconds: number, listening: Listener[], output: string) {
  const same = listening.find((socket) => socket.port === port);
  if (same?.loopback)
    return {
      happened: `The container listens on port ${port}, but only on ${same.address}, where nobody outside of it can reach it.`,
      fix: "Let the server listen on 0.0.0.0 instead of 127.0.0.1 or localhost.",
    };
  if (listening.length > 0) {
    const places = listening.map((socket) => `${socket.address} port ${socket.port}`).join(", ");
    return {
      happened: `Nothing answered on port ${port} for ${seconds} s; the container listens on ${places}.`,
      fix: `Let the server listen on port ${port} of 0.0.0.0.`,
    };
  }
  return {
    happened: `Nothing answered on port ${port} for ${seconds} s; the container runs but listens on no port. ${lastLineInWords(output)}`,
    fix: `Make the container's program open port ${port} when it starts.`,
  };
}
