import { cleanup, configure, fireEvent, render, screen, waitFor } from '@testing-library/svelte'
import { afterEach, expect, test, vi } from 'vitest'
import { router } from '../router.svelte'
import { session } from './session.svelte'
import SignIn from './SignIn.svelte'

// It only ends a test that has failed.
configure({ asyncUtilTimeout: 30_000 })

const bodies: unknown[] = []
function server(data: object, status: number): void {
  bodies.length = 0
  vi.stubGlobal('fetch', async (request: Request) => {
    bodies.push(JSON.parse(await request.text()))
    return new Response(JSON.stringify(data), { status, headers: { 'content-type': 'application/problem+json' } })
  })
}
const me = { staff: { id: 's1', name: 'Bryan Ortiz' }, library: { name: 'Fernhill', zone: 'UTC' }, seq: 3 }
const wrong = { type: '/problems/wrong-sign-in', title: 'Not signed in', status: 401, detail: "The address or the password isn't right." }

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
  session.phase = 'out'
  router.go('/sign-in', 'replace')
})

async function fill(): Promise<void> {
  await fireEvent.input(screen.getByLabelText('E-mail address'), { target: { value: ' bryan@library.example ' } })
  await fireEvent.input(screen.getByLabelText('Password'), { target: { value: 'correct horse' } })
  await fireEvent.submit(screen.getByRole('button', { name: 'Sign in' }).closest('form')!)
}

test('SET-3: password managers find their fields, and the password can be looked at', async () => {
  render(SignIn)
  expect(screen.getByLabelText('E-mail address').getAttribute('autocomplete')).toBe('username')
  const password = screen.getByLabelText('Password')
  expect(password.getAttribute('autocomplete')).toBe('current-password')
  expect(password.getAttribute('type')).toBe('password')
  await fireEvent.click(screen.getByRole('button', { name: 'Show password' }))
  expect(screen.getByLabelText('Password').getAttribute('type')).toBe('text')
})

test('the right words open the desk', async () => {
  server(me, 201)
  render(SignIn)
  await fill()
  await waitFor(() => expect(session.phase).toBe('in'))
  expect(bodies).toEqual([{ email: 'bryan@library.example', password: 'correct horse' }])
})

test('the wrong ones are answered in the server’s words, with focus on them', async () => {
  server(wrong, 401)
  render(SignIn)
  await fill()
  const alert = screen.getByRole('alert')
  await waitFor(() => expect(alert.textContent).toContain("The address or the password isn't right."))
  expect(document.activeElement).toBe(alert)
  expect(session.phase).toBe('out')
})

test('too many tries say how long to wait', async () => {
  server({ type: '/problems/too-many-tries', title: 'Too many tries', status: 429, detail: 'Too many tries.', retry_after_s: 240 }, 429)
  render(SignIn)
  await fill()
  await waitFor(() => expect(screen.getByRole('alert').textContent).toContain('Try again in 4 minutes.'))
})

test('a link signs in by itself; a spent one leaves the address bar and says what to do', async () => {
  server({ type: '/problems/link-spent', title: 'Used', status: 401, detail: 'This link has been used.' }, 401)
  router.go('/sign-in?link=abc', 'replace')
  render(SignIn)
  await waitFor(() => expect(screen.getByRole('alert').textContent).toContain('Sign in with your password'))
  expect(bodies).toEqual([{ link: 'abc' }])
  expect(location.search).toBe('')
})
