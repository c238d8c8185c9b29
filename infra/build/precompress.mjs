// Packs the files that browsers are sent as small as can be, once: beside each file.js stand file.js.br and
// file.js.gz, which the front door serves (app/_server/front-door/static). Fonts are packed already.
import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const packable = /\.(?:js|css|svg)$/;

/**
 * @param {string} dir The build's folder of static files.
 * @returns {Promise<{ files: number, bytes: number, br: number, gzip: number }>} How many, and what they come to.
 */
export async function precompress(dir) {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && packable.test(entry.name));
  const sums = { files: files.length, bytes: 0, br: 0, gzip: 0 };
  for (const entry of files) {
    const file = path.join(entry.parentPath, entry.name);
    const bytes = await readFile(file);
    const br = await promisify(brotliCompress)(bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      },
    });
    const gz = await promisify(gzip)(bytes, { level: constants.Z_BEST_COMPRESSION });
    await writeFile(`${file}.br`, br);
    await writeFile(`${file}.gz`, gz);
    sums.bytes += bytes.length;
    sums.br += br.length;
    sums.gzip += gz.length;
  }
  return sums;
}
