// A small service that counts prime numbers.
//
// server.mjs serve        answers HTTP on port 8080
// server.mjs count 1000   prints how many primes are below 1000
import { createServer } from "node:http";

const port = 8080;
const largest = 1_000_000;

/** How many primes are smaller than `below`: the sieve of Eratosthenes. */
function countPrimes(below) {
  const composite = new Uint8Array(Math.max(below, 2));
  let count = 0;
  for (let n = 2; n < below; n++) {
    if (composite[n]) continue;
    count++;
    for (let multiple = n * n; multiple < below; multiple += n) composite[multiple] = 1;
  }
  return count;
}

/** The number asked for, or null when it is missing, not a whole number or too large. */
function parseBelow(text) {
  if (text === null || !/^\d{1,7}$/.test(text)) return null;
  const below = Number(text);
  return below <= largest ? below : null;
}

function answer(response, status, type, body) {
  response.writeHead(status, { "content-type": type, "content-length": Buffer.byteLength(body) });
  response.end(body);
}

function handle(request, response) {
  const url = new URL(request.url, "http://localhost");
  if (url.pathname === "/health") return answer(response, 200, "text/plain", "ok\n");
  if (url.pathname !== "/primes") return answer(response, 404, "text/plain", "not found\n");
  const below = parseBelow(url.searchParams.get("below"));
  if (below === null) {
    return answer(response, 400, "text/plain", `below must be a whole number up to ${largest}\n`);
  }
  answer(response, 200, "application/json", `${JSON.stringify({ below, count: countPrimes(below) })}\n`);
}

const [command, number] = process.argv.slice(2);
if (command === "count") {
  console.log(countPrimes(Number(number)));
} else {
  process.on("SIGTERM", () => process.exit(0));
  createServer(handle).listen(port, "0.0.0.0");
}
