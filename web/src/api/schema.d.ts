/**
 * The API's types in the form openapi-typescript writes them.
 * Written from the contract; `npm run api` replaces it once a server can print its OpenAPI.
 */
export interface paths {
  '/sessions': {
    get: Op<Q, List<'Session'>>
    post: Op<Q, 'Me', S['SignIn'], 201>
  }
  '/sessions/{id}': { delete: Op<Id, void, never, 204> }
  '/me': { get: Op<Q, 'Me'> }
  '/staff': { get: Op<Q, List<'Staff'>> }
  '/desks': { get: Op<Q, List<'Desk'>> }
  '/channels': { get: Op<Q, List<'Channel'>> }
  '/views': { get: Op<Q, List<'ViewCount'>> }
  '/conversations': {
    get: Op<
      {
        query?: {
          view?: S['View']
          desk?: string
          channel?: string
          text?: string
          limit?: number
          cursor?: string
        }
      },
      List<'Row'>
    >
  }
  '/conversations/{id}': { get: Op<Id & { query?: { before?: string } }, 'Conversation'> }
  '/conversations/{id}/claim': { put: Op<Id, 'Row'>; delete: Op<Id, 'Row'> }
  '/conversations/{id}/closure': { put: Op<Id, 'Row', S['Closing']>; delete: Op<Id, 'Row'> }
  '/conversations/{id}/replies': { post: Op<Id, 'Message', S['NewReply'], 201> }
  '/conversations/{id}/replies/{message_id}': {
    delete: Op<{ path: { id: string; message_id: string } }, 'Withdrawn'>
  }
  '/conversations/{id}/notes': { post: Op<Id, 'Message', S['NewNote'], 201> }
}

type S = components['schemas']
type Q = { query?: never }
type Id = { path: { id: string } }
type List<K extends keyof S> = { items: S[K][]; next: string | null }
type Body<T> = T extends keyof S ? S[T] : T
type Json<T> = [T] extends [void]
  ? { headers: Record<string, unknown>; content?: never }
  : { headers: Record<string, unknown>; content: { 'application/json': Body<T> } }
type Failed = {
  headers: Record<string, unknown>
  content: { 'application/problem+json': S['Problem'] }
}
type Op<Parameters, Answer, Request = never, Status extends number = 200> = {
  parameters: Parameters
  requestBody?: [Request] extends [never] ? never : { content: { 'application/json': Request } }
  responses: { [status in Status]: Json<Answer> } & { default: Failed }
}

export interface components {
  schemas: {
    Problem: {
      type: string
      title: string
      status: number
      detail?: string
      retry_after_s?: number
      owner?: { id: string; name: string }
      since?: string
      newer?: { messages: S['Message'][]; events: S['Event'][] }
      seen?: number
    }
    SignIn: { email: string; password: string } | { link: string }
    Session: {
      id: string
      created_at: string
      last_seen_at: string
      user_agent: string | null
      address: string | null
      current: boolean
    }
    Me: { staff: S['Staff']; library: { name: string; zone: string }; seq: number }
    Staff: {
      id: string
      name: string
      public_name: string
      initials: string
      role: 'staff' | 'lead' | 'manager' | 'admin' | 'viewer'
      email: string
    }
    Desk: {
      id: string
      name: string
      branch_id: string
      branch_name: string
      promise_ms: number | null
    }
    Look: { word: string; icon: string; light: string; dark: string }
    Capabilities: {
      text: { max: number | null; unit: 'characters' | 'weighted' | 'segments' | 'bytes' }
      subject: boolean
      undo_hold_ms: number
      visibility: ('private' | 'public')[]
    }
    Channel: {
      id: string
      name: string
      kind: string
      address: string
      look: S['Look']
      state: 'active' | 'degraded' | 'needs_signin' | 'blocked' | 'paused'
      health: string
      todo: string | null
      last_success_at: string | null
      last_message_at: string | null
      backlog: number
      capabilities: S['Capabilities']
    }
    View: 'unclaimed' | 'mine' | 'waiting' | 'snoozed' | 'done' | 'all'
    ViewCount: { view: S['View']; count: number }
    State: 'open' | 'waiting' | 'snoozed' | 'done' | 'spam'
    Row: {
      id: string
      number: number
      subject: string
      preview: string
      patron: { id: string; name: string }
      channel_id: string
      visibility: 'private' | 'public'
      desk_id: string
      owner_id: string | null
      state: S['State']
      waiting_since: string | null
      due_at: string | null
      snoozed_until: string | null
      last_patron_at: string | null
      last_at: string
      seq: number
      trouble: string | null
      has_attachments: boolean
      created_at: string
    }
    Patron: {
      id: string
      name: string
      addresses: { id: string; kind_word: string; address: string; label: string | null }[]
      earlier: S['RowLite'][]
    }
    RowLite: {
      id: string
      number: number
      subject: string
      channel_id: string
      state: S['State']
      last_at: string
    }
    Way: { id: string; channel_id: string; label: string; open: boolean; why: string | null }
    Linked: { id: string; number: number; subject: string; why: string }
    Conversation: Omit<S['Row'], 'patron'> & {
      patron: S['Patron']
      ways: S['Way'][]
      linked: S['Linked'][]
      messages: S['Message'][]
      events: S['Event'][]
      earlier: string | null
      seen: number
    }
    Attachment: {
      id: string
      filename: string
      content_type: string
      size: number
      inline: boolean
      state: string
      why: string | null
    }
    Delivery: {
      state: 'held' | 'queued' | 'sending' | 'sent' | 'delivered' | 'read' | 'failed' | 'unknown'
      word: string
      why: string | null
      release_at: string | null
    }
    Message: {
      id: string
      conversation_id: string
      direction: 'in' | 'out' | 'inside'
      visibility: 'private' | 'public'
      kind: 'message' | 'reply' | 'note'
      author: { staff_id: string | null; name: string; address: string | null }
      channel_id: string | null
      at: string
      seq: number
      subject: string | null
      text: string
      reply_text: string
      elided: boolean
      html: boolean
      original: boolean
      attachments: S['Attachment'][]
      automatic: boolean
      link: string | null
      delivery: S['Delivery'] | null
      unverified: boolean
    }
    Event: {
      seq: number
      kind: string
      at: string
      actor: { staff_id: string | null; name: string }
      conversation_id: string
      message_id: string | null
      words: string
    }
    Closing: { reason?: 'answered' | 'no_answer_needed'; why?: string }
    NewReply: {
      text: string
      seen: number
      way?: string
      subject?: string
      done?: boolean
      anyway?: boolean
      key?: string
    }
    NewNote: { text: string }
    Withdrawn: { text: string }
  }
}
