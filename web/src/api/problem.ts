import type { ProblemBody } from './types'

/** What went wrong, in the server's words (RFC 9457) or in ours when there was no server to ask. */
export class Problem extends Error {
  constructor(readonly body: ProblemBody) {
    super(body.detail ?? body.title)
  }

  /** The stable end of the type: `/problems/claimed` is `claimed`. */
  get kind(): string {
    return this.body.type.split('/').pop() ?? ''
  }

  get offline(): boolean {
    return this.kind === 'unreachable'
  }
}

export function unreachable(): Problem {
  return new Problem({
    type: '/problems/unreachable',
    title: 'The server did not answer',
    status: 0,
    detail: "The server didn't answer. Check the connection and try again.",
  })
}

/** Anything that is not problem+json (a proxy's error page, say) still becomes a sentence. */
export function asProblem(error: unknown, status: number): Problem {
  if (typeof error === 'object' && error !== null && 'type' in error && 'title' in error) {
    return new Problem(error as ProblemBody)
  }
  return new Problem({
    type: '/problems/unexpected',
    title: 'Unexpected answer',
    status,
    detail: `The server answered with status ${status}. Try again, and tell whoever looks after it if it goes on.`,
  })
}
