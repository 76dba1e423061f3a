import { defineConfig } from 'vitest/config'

/** Chromium against the built page. Each file has its own process, and with it its own library. */
export default defineConfig({
  test: { include: ['e2e/**/*.spec.ts'], pool: 'forks', fileParallelism: true, maxWorkers: 2, testTimeout: 300_000, hookTimeout: 120_000 },
})
