import type { NoMachine } from "../../machines/launching/launcher.ts";

const providerTitles: Record<string, string> = { docker: "the Docker engine", ec2: "EC2" };

/** What people call a provider. */
export const providerTitle = (provider: string): string =>
  providerTitles[provider] ?? `the provider ${provider}`;

/** What the student is told whose run waits because no machine can be launched. Who must know of it is told as well. */
export function noMachineSentence(kind: NoMachine, provider: string): string {
  switch (kind) {
    case "insufficient-capacity":
      return "No machine is free at the provider right now.";
    case "quota":
      return "As many machines as the provider allows are at work; runs start as they end.";
    case "throttled":
      return "The provider asks Drydock to slow down.";
    case "unreachable":
      return `Machines cannot be started right now: ${providerTitle(provider)} does not answer.`;
    case "files-away":
      return "What was handed in is safe but cannot be read at the moment; runs start as soon as it can.";
    case "misconfigured":
      return "Drydock cannot start machines at the moment; staff have been told.";
  }
}
