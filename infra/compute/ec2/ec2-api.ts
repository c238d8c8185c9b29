import { EC2Client } from "@aws-sdk/client-ec2";
import { PricingClient } from "@aws-sdk/client-pricing";

export interface Ec2ApiOptions {
  region: string;
  /** Another server that speaks the same; without it AWS's own, or AWS_ENDPOINT_URL_EC2. */
  endpoint?: string;
  credentials?: { accessKeyId: string; secretAccessKey: string };
}

/**
 * The clients of the account. What only reads or ends is asked again by the client itself, at the pace that the account's
 * token buckets leave; a launch is asked once, because who launches decides what is asked next.
 */
export function connectEc2(options: Ec2ApiOptions): Ec2Api {
  const { region, endpoint, credentials } = options;
  const common = { region, ...(endpoint && { endpoint }), ...(credentials && { credentials }) };
  return {
    reading: new EC2Client({ ...common, retryMode: "adaptive" }),
    launching: new EC2Client({ ...common, maxAttempts: 1 }),
    // The list of every region is there.
    pricing: new PricingClient({ ...common, region: "us-east-1" }),
    close() {
      this.reading.destroy();
      this.launching.destroy();
      this.pricing.destroy();
    },
  };
}

export interface Ec2Api {
  reading: EC2Client;
  launching: EC2Client;
  pricing: PricingClient;
  close(): void;
}
