// What a first visit downloads, against what was promised. Fails over a hard limit.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

const out = process.env.WEB_OUT ?? 'dist'
const html = readFileSync(join(out, 'index.html'), 'utf8')
const assets = readdirSync(join(out, 'assets'))
const first = (end) => assets.filter((name) => name.endsWith(end) && html.includes(name))
const gz = (names) => names.reduce((sum, name) => sum + gzipSync(readFileSync(join(out, 'assets', name)), { level: 9 }).length, 0)
const raw = (names) => names.reduce((sum, name) => sum + readFileSync(join(out, 'assets', name)).length, 0)

const kB = 1000
const lines = [
  ['first-load JS, gz', gz(first('.js')), 75 * kB, 95 * kB],
  ['first-load CSS, gz', gz(first('.css')), 12 * kB, 16 * kB],
  ['HTML, gz', gzipSync(html, { level: 9 }).length, 9 * kB, 12 * kB],
  ['fonts, woff2', raw(assets.filter((name) => name.endsWith('.woff2'))), 105 * kB, 110 * kB],
]

let over = false
for (const [what, bytes, target, hard] of lines) {
  const verdict = bytes > hard ? 'OVER' : bytes > target ? 'over target' : 'ok'
  over ||= bytes > hard
  console.log(`${what.padEnd(20)} ${(bytes / kB).toFixed(1).padStart(7)} kB   target ${target / kB}, hard ${hard / kB}   ${verdict}`)
}
if (!first('.js').length) {
  console.error(`No built page in ${out}: npm run build first.`)
  over = true
}
process.exit(over ? 1 : 0)
