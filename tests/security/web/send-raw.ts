import { request as httpRequest } from "node:http";

export interface RawAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  /** That were handed to the connection before the answer came. */
  sentBytes: number;
}

/**
 * A request as an attacker's own program sends it: chunked, without a length, as long as the server takes it. Throws
 * when the connection ends without an answer.
 */
export async function sendRaw(
  url: string,
  options: { headers: Record<string, string>; chunk: Buffer; times: number; first?: Buffer },
): Promise<RawAnswer> {
  const sending = httpRequest(url, { method: "POST", headers: options.headers });
  let sentBytes = 0;
  let over = false;
  const answered = new Promise<RawAnswer>((resolve, reject) => {
    sending.once("response", async (response) => {
      over = true;
      const at = sentBytes;
      const parts: Buffer[] = [];
      response.on("error", reject);
      for await (const part of response) parts.push(part as Buffer);
      const { statusCode = 0, headers } = response;
      resolve({ status: statusCode, headers, text: Buffer.concat(parts).toString(), sentBytes: at });
    });
    sending.on("error", (error) => {
      // The server may cut a line whose answer it has sent already.
      if (!over) reject(error);
      over = true;
    });
  });
  const pump = async () => {
    if (options.first) sending.write(options.first);
    for (let i = 0; i < options.times && !over; i += 1) {
      sentBytes += options.chunk.length;
      // Called when the bytes are under way, or never will be.
      const taken = new Promise<void>((done) => sending.write(options.chunk, () => done()));
      await Promise.race([taken, answered]);
    }
    sending.end();
  };
  const [answer] = await Promise.all([answered, pump()]);
  sending.destroy();
  return answer;
}
