// A program of its own that starts moto, says its pid and waits to be killed.
import { startMotoServer } from "#infra/compute/ec2-local/moto/moto-server.ts";

const server = await startMotoServer({ cacheDir: process.argv[2] ?? "" });
process.stdout.write(`${server.pid}\n`);
setInterval(() => {}, 1_000);
