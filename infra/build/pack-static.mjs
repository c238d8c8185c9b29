// The last step of `npm run build`: packs what Next has built for browsers.
import path from "node:path";
import { precompress } from "./precompress.mjs";

const { files, bytes, br } = await precompress(path.resolve(import.meta.dirname, "../../.next/static"));
const kilobytes = (count) => `${Math.round(count / 1000)} kB`;
console.log(`${files} files for browsers: ${kilobytes(bytes)}, packed ${kilobytes(br)}`);
