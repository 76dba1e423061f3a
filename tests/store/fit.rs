//! A NUL in a text: a server refuses it, and one letter with it would hold up all that come after.

use super::bed::{House, NOW, conversation, each_engine, message, patron};
use deskbell::model::conversation::{Conversation, View};
use deskbell::model::event::Kind;
use deskbell::model::message::Message;
use deskbell::model::search::{Surroundings, parse};
use deskbell::store::events::Appending;
use deskbell::store::lists::{self, Query};
use deskbell::store::{Error, arrivals, conversations, envelopes, events, messages, patrons, people, search};
use futures::FutureExt;

each_engine! {
    async fn a_letter_with_a_nul_in_every_text_is_kept_and_found(bed: Bed) {
        let house = House::build(&bed).await;
        let (patron, address) = patron(&bed, "Zoë\0Ångström", "zoe\0a@patrons.example").await;
        let row = Conversation {
            thread: Some("thread\0one".to_owned()),
            subject: "Re\0newal".to_owned(),
            preview: "\0".to_owned(),
            ..conversation(&house, &patron, 1)
        };
        let said = Message {
            external_id: Some("<1\0@harbour.example>".to_owned()),
            refs: "\0".to_owned(),
            reply_text: Some("Please\0".to_owned()),
            html: Some("<p>\0</p>".to_owned()),
            link: Some("https://harbour.example/\0".to_owned()),
            ..message(&row, &address, 1, "Re\0newal", "Please\0renew the atlas")
        };
        let (kept, letter) = (row.clone(), said.clone());
        bed.write(move |tx| {
            async move {
                conversations::insert(tx, &kept).await?;
                messages::insert(tx, &letter).await?;
                search::index(tx, 1).await?;
                let line = Appending {
                    at: NOW,
                    kind: Kind::Message,
                    conversation_id: kept.id,
                    message_id: None,
                    staff_id: None,
                    actor_name: "Zoë\0".to_owned(),
                    detail: Some("\0".to_owned()),
                };
                events::append(tx, line).await?;
                Ok::<_, Error>(())
            }
            .boxed()
        })
        .await
        .unwrap();
        let mut conn = bed.read().await.unwrap();
        let found = messages::by_id(&mut conn, said.id).await.unwrap().unwrap();
        assert_eq!(found.text, "Please\u{fffd}renew the atlas");
        // It is looked for as it was given.
        assert_eq!(conversations::by_thread(&mut conn, row.channel_id, "thread\0one").await.unwrap(), Some(row.id));
        let known = patrons::address(&mut conn, "pigeon", "zoe\0a@patrons.example").await.unwrap();
        assert_eq!(known.map(|known| known.id), Some(address.id));
        let referred = arrivals::said(&mut conn, &["<1\0@harbour.example>".to_owned()]).await.unwrap();
        assert_eq!(referred.len(), 1);
        assert!(!envelopes::knows(&mut conn, row.channel_id, "7\0").await.unwrap());
        assert_eq!(people::staff_by_email(&mut conn, "ana\0@harbour.example").await.unwrap(), None);
        let query = Query {
            view: View::All,
            staff: house.ana.id,
            desk: None,
            channel: None,
            tag: None,
            sought: Some(parse("renew\0 atlas", &Surroundings::nameless(house.ana.id, NOW))),
            now: NOW,
            limit: 5,
            after: None,
        };
        assert_eq!(lists::conversations(&mut conn, &query).await.unwrap().items.len(), 1);
    }
}
