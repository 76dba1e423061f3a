import createClient from 'openapi-fetch'
import type { paths } from './schema'
import { asProblem, Problem, unreachable } from './problem'
import { clock } from '../ui/clock.svelte'

export const base = '/api/v1'

export const api = createClient<paths>({
  baseUrl: base,
  // Looked up at call time, so that a test can put its own in place.
  fetch: (request) => globalThis.fetch(request),
})

let signedOut = () => {}

/** Calls `then` whenever the server says that nobody is signed in. */
export function onSignedOut(then: () => void): void {
  signedOut = then
}

interface Answer<T> {
  data?: T
  error?: unknown
  response: Response
}

/** The answer's body, or a thrown [`Problem`] for every kind of failure. */
export async function take<T>(call: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>
  try {
    answer = await call
  } catch {
    throw unreachable()
  }
  clock.learn(answer.response.headers.get('date'))
  if (answer.response.ok) return answer.data as T
  const problem = asProblem(answer.error, answer.response.status)
  if (problem.kind === 'signed-out') signedOut()
  throw problem
}

export function problemOf(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown
  // A fault of this page, not of the server: keep it visible to whoever opens the console.
  console.error(thrown)
  return asProblem(thrown, 0)
}
