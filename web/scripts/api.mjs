// Writes src/api/schema.d.ts from the server's own description:
//   npm run api -- openapi.json        (from: deskbell openapi > openapi.json)
//   npm run api                        (asks `deskbell openapi` through cargo)
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import openapiTS, { astToString } from 'openapi-typescript'

const given = process.argv[2]
const env = { ...process.env, DESKBELL_SKIP_WEB: '1' }
const text = given
  ? readFileSync(given, 'utf8')
  : execFileSync('cargo', ['run', '--quiet', '--', 'openapi'], { cwd: new URL('../..', import.meta.url), env, encoding: 'utf8' })

writeFileSync(new URL('../src/api/schema.d.ts', import.meta.url), astToString(await openapiTS(JSON.parse(text))))
