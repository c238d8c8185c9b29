// One program, three services: shop.mjs front | catalogue | stock. Each listens on port 8080.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";

const products = [
  { item: "lamp", price: 40 },
  { item: "chair", price: 75 },
  { item: "desk", price: 180 },
];

async function fetchJson(url) {
  const answer = await fetch(url, { signal: AbortSignal.timeout(3000) });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  return answer.json();
}

const roles = {
  async front(url) {
    if (url.pathname !== "/shop") return [404, { error: `nothing at ${url.pathname}` }];
    try {
      const offered = await fetchJson(`${process.env.CATALOGUE_URL}/products`);
      const withStock = offered.map(async (product) => {
        const stock = await fetchJson(`${process.env.STOCK_URL}/stock?item=${encodeURIComponent(product.item)}`);
        return { ...product, left: stock.left };
      });
      return [200, await Promise.all(withStock)];
    } catch (error) {
      return [503, { error: `a service behind the front is away: ${error.message}` }];
    }
  },
  async catalogue(url) {
    return url.pathname === "/products" ? [200, products] : [404, { error: `nothing at ${url.pathname}` }];
  },
  async stock(url) {
    // Read for every request: a changed ConfigMap reaches the file without a restart.
    const levels = JSON.parse(await readFile("/etc/stock/levels.json", "utf8"));
    const item = url.searchParams.get("item") ?? "";
    if (url.pathname !== "/stock" || !(item in levels)) return [404, { error: `no stock of ${item}` }];
    return [200, { item, left: levels[item] }];
  },
};

const role = roles[process.argv[2]];
if (!role) {
  console.error(`usage: shop.mjs ${Object.keys(roles).join(" | ")}`);
  process.exit(2);
}
const server = createServer(async (request, response) => {
  const url = new URL(request.url, "http://shop");
  const [status, answer] = url.pathname === "/health" ? [200, { health: "ok" }] : await role(url);
  response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(answer));
});
server.listen(8080, "0.0.0.0");
process.on("SIGTERM", () => server.close(() => process.exit(0)));
