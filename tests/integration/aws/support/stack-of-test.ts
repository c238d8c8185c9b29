import { parseSettings, type StackInput } from "#infra/aws/stack-settings.ts";

export const installation = "ins_01test";

export const inputOfTest: StackInput = {
  installation,
  deployment: "fall-2026",
  controller: { networks: ["203.0.113.7/32"], port: 443, host: "drydock.example.edu" },
  s3PrefixList: "pl-63a5400a",
  students: 200,
  email: "staff@example.edu",
};

export const settingsOfTest = parseSettings(inputOfTest);

export interface Resource {
  Type: string;
  Properties: Record<string, unknown>;
  DeletionPolicy?: string;
  UpdateReplacePolicy?: string;
}

export interface StackTemplate {
  Resources: Record<string, Resource>;
  Outputs: Record<string, { Value: unknown }>;
  Parameters?: Record<string, unknown>;
}
