/** Beside each file of a build that is worth it, its brotli and gzip copies: the server only has to choose. node scripts/compress.ts DIRECTORY */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const WORTH = /\.(html|js|mjs|css|svg|json|webmanifest)$/;
/** One network packet: below it nothing is won. */
const LEAST_BYTES = 1_400;

const directory = process.argv[2] ?? 'dist';
for (const name of readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((each) => WORTH.test(each))) {
  const file = join(directory, name);
  const plain = readFileSync(file);
  if (plain.length < LEAST_BYTES) continue;
  const quality = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length };
  writeFileSync(`${file}.br`, brotliCompressSync(plain, { params: quality }));
  writeFileSync(`${file}.gz`, gzipSync(plain, { level: 9 }));
}
