//! Tells the stories: everything happens through the doors it would come by in life, under a clock that is moved along.

use std::collections::BTreeMap;

use anyhow::Context;
use connectors::simulator::town::{Enclosed, Letter, Town};
use uuid::Uuid;

use super::residents::Residents;
use super::shift::Shift;
use super::story::{Story, Tales, Turn, name_and_address};
use super::{files, library};
use crate::app::App;
use crate::conversation::{claim, closure, note};
use crate::error::Error;
use crate::model::closure::Outcome;
use crate::model::event::Kind;
use crate::model::people::Who;
use crate::outbound::{self, Reply};
use crate::store::{events, streams};
use crate::worker;

/// Longer than any undo hold: after it an answer has left.
const HOLD_MS: i64 = 20_000;

/// One moment of one story: its beginning, or one of its turns.
struct Moment<'a> {
    at: i64,
    story: usize,
    turn: Option<&'a Turn>,
    /// What the patron says to this turn's answer, and how much later.
    answered: Option<(i64, String)>,
}

/// When the first story begins, epoch milliseconds.
pub fn beginning(tales: &Tales, now: i64) -> anyhow::Result<i64> {
    let zone = jiff::tz::TimeZone::get(&tales.library.zone)?;
    let mut first = now;
    for story in &tales.stories {
        first = first.min(story.began(now, &zone)?);
    }
    Ok(first)
}

/// Tells every story up to `now`.
pub async fn tell(
    app: &App,
    town: &Town,
    residents: &Residents,
    tales: &Tales,
    now: i64,
) -> anyhow::Result<()> {
    let staff = library::staff(app, tales).await?;
    let shift = Shift::begin(app, &staff).await?;
    let mut conversations: BTreeMap<usize, Uuid> = BTreeMap::new();
    for moment in moments(tales, now)? {
        app.clock.advance((moment.at - app.clock.now()).max(0));
        shift.seen(app).await?;
        let story = &tales.stories[moment.story];
        match moment.turn {
            None => {
                if story.gone {
                    town.is_gone(&name_and_address(&story.from).1);
                }
                let before = newest(app).await?;
                town.post(&letter(tales, story, moment.story))?;
                settle(app, town).await?;
                if let Some(id) = opened_since(app, before).await? {
                    conversations.insert(moment.story, id);
                }
            }
            Some(turn) => {
                let id = *conversations
                    .get(&moment.story)
                    .with_context(|| format!("The story {} never became a conversation", story.subject))?;
                if let Some(answer) = moment.answered {
                    residents.answers_next(&name_and_address(&story.from).1, answer);
                }
                take(app, town, id, turn, &staff)
                    .await
                    .with_context(|| format!("The story {} cannot go on", story.subject))?;
            }
        }
    }
    app.clock.advance((now - app.clock.now()).max(0));
    shift.seen(app).await?;
    settle(app, town).await
}

/// Every moment of every story in the order in which they happened.
fn moments(tales: &Tales, now: i64) -> anyhow::Result<Vec<Moment<'_>>> {
    let zone = jiff::tz::TimeZone::get(&tales.library.zone)?;
    let mut moments = Vec::new();
    for (index, story) in tales.stories.iter().enumerate() {
        let mut at = story.began(now, &zone)?;
        moments.push(Moment { at, story: index, turn: None, answered: None });
        for (place, turn) in story.turns.iter().enumerate() {
            at += turn.after_ms()?;
            let next = story.turns.get(place + 1);
            let answered = match next {
                Some(next) if turn.reply.is_some() => next
                    .patron
                    .as_ref()
                    .map(|text| Ok::<_, anyhow::Error>((next.after_ms()?, text.clone())))
                    .transpose()?,
                _ => None,
            };
            moments.push(Moment { at, story: index, turn: Some(turn), answered });
        }
    }
    moments.sort_by_key(|moment| moment.at);
    Ok(moments)
}

async fn take(
    app: &App,
    town: &Town,
    id: Uuid,
    turn: &Turn,
    staff: &BTreeMap<String, Who>,
) -> anyhow::Result<()> {
    // A patron's turn was laid ready with the answer before it; the clock has now come to it.
    if turn.patron.is_some() {
        app.clock.advance(HOLD_MS);
        return settle(app, town).await;
    }
    let who = turn.who.as_ref().and_then(|key| staff.get(key)).context("Nobody does this")?;
    if let Some(text) = &turn.note {
        note::write(app, who, id, text).await?;
    }
    if let Some(text) = &turn.reply {
        let seen = newest(app).await?;
        let text = text.trim().to_owned();
        let reply = Reply { text, seen, anyway: true, helps: true, done: turn.done, ..Reply::default() };
        outbound::send(app, who, id, reply).await?;
        app.clock.advance(HOLD_MS);
        settle(app, town).await?;
    }
    match turn.does.as_deref() {
        Some("claim") => drop(claim::take(app, who, id).await?),
        Some("release") => drop(claim::release(app, who, id).await?),
        Some("done") => drop(closure::close(app, who, id, Outcome::Answered.into()).await?),
        _ => {}
    }
    Ok(())
}

/// Lets everything happen that is due: in the town, on the way in, on the way out.
pub async fn settle(app: &App, town: &Town) -> anyhow::Result<()> {
    town.run_due();
    let channels: Vec<Uuid> = app.roster.all().iter().map(|open| open.row.id).collect();
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                for channel in channels {
                    streams::wake_channel(tx, channel).await?;
                }
                Ok(())
            })
        })
        .await?;
    worker::settle(app).await?;
    Ok(())
}

async fn newest(app: &App) -> anyhow::Result<i64> {
    Ok(events::newest(&mut app.db.read().await?).await?)
}

async fn opened_since(app: &App, seq: i64) -> anyhow::Result<Option<Uuid>> {
    let news = events::after(&mut app.db.read().await?, seq, 10).await?;
    Ok(news.iter().find(|event| event.kind == Kind::Opened).map(|event| event.conversation_id))
}

fn letter(tales: &Tales, story: &Story, index: usize) -> Letter {
    let (name, from) = name_and_address(&story.from);
    let desk = tales.library.desks.iter().find(|desk| desk.name == story.to);
    let files = story.files.iter().map(|name| {
        let (content_type, bytes) = files::named(name);
        Enclosed { filename: name.clone(), content_type: content_type.to_owned(), bytes }
    });
    Letter {
        name,
        from,
        to: desk.map(|desk| desk.account.clone()).unwrap_or_default(),
        subject: story.subject.clone(),
        text: story.text.trim().to_owned(),
        html: story.html.clone(),
        files: files.collect(),
        automatic: story.automatic,
        id: format!("story-{index}"),
    }
}
