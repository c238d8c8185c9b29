import type { UserData } from "#grading/machines/provider.ts";
import type { AgentProgram } from "#infra/agent-gateway/agent-program.ts";

/** What an instance is told besides its token and lease. */
export function instanceUserData(instances: {
  program: Pick<AgentProgram, "sha256">;
  gatewayCa: string | null;
}): Pick<UserData, "agentSha256" | "gatewayCa" | "metadataAddress"> {
  return {
    agentSha256: instances.program.sha256,
    metadataAddress: "http://169.254.169.254",
    ...(instances.gatewayCa === null ? {} : { gatewayCa: instances.gatewayCa }),
  };
}
