import type { components } from './schema'

type Schemas = components['schemas']

export type Me = Schemas['Me']
export type Staff = Schemas['Staff']
export type Desk = Schemas['Desk']
export type Tag = Schemas['Tag']
export type Block = Schemas['Block']
export type Blocking = Schemas['Blocking']
export type Held = Schemas['Held']
export type Review = Schemas['Review']
export type NewerThan = NonNullable<Schemas['Problem']['newer']>
export type Channel = Schemas['Channel']
export type Look = Schemas['Look']
export type ChannelStream = Schemas['Stream']
export type ChannelSettings = Schemas['ChannelSettings']
export type Check = Schemas['Check']
export type Kind = Schemas['Kind']
export type KindField = Schemas['Field']
export type SigninPage = Schemas['SigninPage']
export type SigninProgress = Schemas['SigninProgress']
export type Row = Schemas['Row']
export type Found = Schemas['Found']
export type Search = Schemas['Search']
export type SavedSearch = Schemas['SavedSearch']
export type Closing = Schemas['Closing']
export type Outcome = NonNullable<Row['outcome']>
export type Merged = Schemas['Merged']
export type MergePreview = Schemas['MergePreview']
export type Patron = Schemas['Patron']
export type Described = Schemas['Described']
export type UnionPreview = Schemas['UnionPreview']
export type RowLite = Schemas['RowLite']
export type Conversation = Schemas['Conversation']
export type Message = Schemas['Message']
export type HistoryEvent = Schemas['Event']
export type Asked = Schemas['Asked']
export type HandoffReason = Asked['handoff']['reason']
export type Attachment = Schemas['Attachment']
export type Delivery = Schemas['Delivery']
export type PresenceNews = Schemas['Presence']
export type PresenceWord = Schemas['Saying']['presence']
export type Way = Schemas['Way']
export type ServerView = Schemas['ViewCount']['view']
export type ProblemBody = Schemas['Problem']

/** One line of the live stream; a conversation's history line without its text. */
export interface Change {
  seq: number
  kind: string
  at: string
  conversation_id: string | null
  message_id: string | null
  actor: { staff_id: string | null; name: string }
  words: string
}

export interface ChannelChange {
  channel_id: string
  state: Channel['state']
  health: string
  todo: string | null
}
