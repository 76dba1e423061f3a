// Writes src/api/schema.d.ts from the server's own description:
//   npm run api -- openapi.json        (from: deskbell openapi > openapi.json)
//   npm run api                        (asks `deskbell openapi` through cargo)
//   npm run api -- openapi.json --check  (changes nothing; fails where the file is not what the server says)
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import openapiTS, { astToString } from 'openapi-typescript'

const check = process.argv.includes('--check')
const given = process.argv.slice(2).find((word) => !word.startsWith('--'))
const env = { ...process.env, DESKBELL_SKIP_WEB: '1' }
const text = given
  ? readFileSync(given, 'utf8')
  : execFileSync('cargo', ['run', '--quiet', '--', 'openapi'], { cwd: new URL('../..', import.meta.url), env, encoding: 'utf8' })

const place = new URL('../src/api/schema.d.ts', import.meta.url)
const written = astToString(await openapiTS(JSON.parse(text)))
if (!check) {
  writeFileSync(place, written)
} else if (readFileSync(place, 'utf8') !== written) {
  console.error('web/src/api/schema.d.ts is stale: the server describes itself otherwise. Write it anew with `make openapi`.')
  process.exit(1)
}
