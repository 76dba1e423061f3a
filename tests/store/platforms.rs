//! What platforms with rules of their own need: limits, money, stops, files to fetch, subscriptions.

use super::bed::{House, NOW, conversation, each_engine, message, patron};
use deskbell::model::message::Attachment;
use deskbell::store::events::{self, Appending};
use deskbell::store::media::{self, Fetched};
use deskbell::store::rates::{self, Rate};
use deskbell::store::spendings::{self, Spending};
use deskbell::store::subscriptions::{self, Looked};
use deskbell::store::{Error, channels, conversations, messages, opt_outs};
use uuid::Uuid;

fn rate(scope: &str, until: i64, why: &str) -> Rate {
    Rate { scope: scope.to_owned(), until, why: why.to_owned(), noted_at: NOW }
}

each_engine! {
    async fn the_limit_that_lasts_longest_covers(bed: Bed) {
        let named = |name: &str| [name.to_owned(), "app/pigeon/".to_owned(), format!("{name}/mail")];
        bed.write(move |tx| {
            Box::pin(async move {
                rates::note(tx, &rate("a", NOW + 10, "short")).await?;
                rates::note(tx, &rate("a/mail", NOW + 90, "long")).await?;
                rates::note(tx, &rate("a", NOW + 5, "shorter than what is in force")).await?;
                let found = rates::in_force(tx, &named("a"), NOW).await?.unwrap();
                assert_eq!(found, rate("a/mail", NOW + 90, "long"));
                assert_eq!(rates::in_force(tx, &named("b"), NOW).await?, None, "another account is free");
                rates::note(tx, &rate("app/pigeon/", NOW + 20, "everybody")).await?;
                assert_eq!(rates::in_force(tx, &named("b"), NOW).await?.unwrap().why, "everybody");
                assert_eq!(rates::in_force(tx, &named("b"), NOW + 20).await?, None, "it is over");
                let over = Rate { noted_at: NOW + 50, ..rate("a", NOW + 60, "new") };
                rates::note(tx, &over).await?;
                let left: Vec<String> = rates::all(tx, NOW + 50).await?.into_iter().map(|rate| rate.why).collect();
                assert_eq!(left, ["new", "long"]);
                assert_eq!(rates::forget(tx, NOW + 70).await?, 2);
                rates::lift(tx, "a/mail").await?;
                assert!(rates::all(tx, 0).await?.is_empty());
                Ok::<_, Error>(())
            })
        })
        .await
        .unwrap();
    }

    async fn spending_adds_up_by_the_day(bed: Bed) {
        let house = House::build(&bed).await;
        let id = house.channel.id;
        let used = move |day, read_micros, sent_micros| Spending {
            channel_id: id, day, currency: "USD".to_owned(), read_micros, sent_micros, reads: 1, sends: 2,
        };
        bed.write(move |tx| {
            Box::pin(async move {
                for (day, read, sent) in [(0, 5, 0), (86_400_000, 7, 1), (86_400_000, 3, 4)] {
                    spendings::add(tx, &used(day, read, sent)).await?;
                }
                let today = spendings::on(tx, id, 86_400_000).await?.unwrap();
                assert_eq!((today.micros(), today.read_micros, today.reads, today.sends), (15, 10, 2, 4));
                assert_eq!(spendings::on(tx, id, 2 * 86_400_000).await?, None);
                assert_eq!(spendings::since(tx, 0).await?.len(), 2);
                assert!(channels::set_budget(tx, id, Some(5_000_000)).await?);
                assert_eq!(channels::by_id(tx, id).await?.unwrap().budget_micros, Some(5_000_000));
                Ok::<_, Error>(())
            })
        })
        .await
        .unwrap();
    }

    async fn only_the_latest_word_of_an_address_counts(bed: Bed) {
        let house = House::build(&bed).await;
        let id = house.channel.id;
        bed.write(move |tx| {
            Box::pin(async move {
                assert!(opt_outs::put(tx, id, "+15550100", true, NOW).await?);
                assert_eq!(opt_outs::since(tx, id, "+15550100").await?, Some(NOW));
                assert_eq!(opt_outs::since(tx, id, "+15550101").await?, None);
                assert!(!opt_outs::put(tx, id, "+15550100", false, NOW - 1).await?, "an older word, come late");
                assert_eq!(opt_outs::since(tx, id, "+15550100").await?, Some(NOW));
                assert!(opt_outs::put(tx, id, "+15550100", false, NOW + 1).await?);
                assert_eq!(opt_outs::since(tx, id, "+15550100").await?, None);
                Ok::<_, Error>(())
            })
        })
        .await
        .unwrap();
    }

    async fn a_file_is_fetched_by_one_worker_until_it_is_there_or_never_will_be(bed: Bed) {
        let house = House::build(&bed).await;
        let (patron, address) = patron(&bed, "Efua Osei", "efua@patrons.example").await;
        let row = conversation(&house, &patron, 20_001);
        bed.write(move |tx| {
            Box::pin(async move {
                conversations::insert(tx, &row).await?;
                let line = Appending {
                    at: NOW, kind: deskbell::model::event::Kind::Message, conversation_id: row.id, message_id: None,
                    staff_id: None, actor_name: patron.name.clone(), detail: None,
                };
                let seq = events::append(tx, line).await?;
                let said = message(&row, &address, seq, "A photo", "See the photo");
                messages::insert(tx, &said).await?;
                let file = |id: u128, state: &str| Attachment {
                    id: Uuid::from_u128(id), message_id: said.id, position: id as i64, filename: None,
                    content_type: "image/jpeg".to_owned(), size: 0, sha256: None, content_id: None,
                    inline_shown: false, reference: Some(format!("media/{id}")), state: state.to_owned(), why: None,
                };
                for id in 1..=3 {
                    messages::insert_attachment(tx, &file(id, "to_fetch"), None).await?;
                }
                messages::insert_attachment(tx, &file(4, "refused"), None).await?;
                let (ours, other) = (Uuid::from_u128(70), Uuid::from_u128(71));
                assert_eq!(media::next_due(tx).await?, Some(0));
                let taken = media::lease(tx, ours, NOW, NOW + 10, 9).await?;
                assert_eq!(taken.iter().map(|file| file.reference.as_str()).collect::<Vec<_>>(), ["media/1", "media/2", "media/3"]);
                assert!(media::lease(tx, other, NOW, NOW + 10, 9).await?.is_empty(), "they are in hand");
                let come = Fetched { sha256: "ab".to_owned(), size: 7, content_type: "image/png".to_owned(), filename: Some("cover.png".to_owned()) };
                assert!(!media::keep(tx, taken[0].id, other, &come).await?, "not in this hand");
                assert!(media::keep(tx, taken[0].id, ours, &come).await?);
                assert!(media::refuse(tx, taken[1].id, ours, "It is larger than 5 MB.").await?);
                assert!(media::again(tx, taken[2].id, ours, "No answer.", NOW + 50, 1).await?);
                let kept = messages::attachments_of(tx, said.id).await?;
                let states: Vec<&str> = kept.iter().map(|file| file.state.as_str()).collect();
                assert_eq!(states, ["kept", "refused", "to_fetch", "refused"]);
                assert_eq!((kept[0].size, kept[0].filename.as_deref()), (7, Some("cover.png")));
                assert_eq!(kept[1].why.as_deref(), Some("It is larger than 5 MB."));
                assert_eq!(media::next_due(tx).await?, Some(NOW + 50));
                let taken = media::lease(tx, other, NOW + 50, NOW + 60, 9).await?;
                assert_eq!((taken.len(), taken[0].fetch_tries), (1, 1));
                assert_eq!(media::free(tx).await?, 1);
                assert_eq!(media::lease(tx, ours, NOW + 50, NOW + 60, 9).await?.len(), 1, "whoever left it is gone");
                Ok::<_, Error>(())
            })
        })
        .await
        .unwrap();
    }

    async fn a_subscription_is_looked_at_by_one_worker(bed: Bed) {
        let house = House::build(&bed).await;
        let id = house.channel.id;
        bed.write(move |tx| {
            Box::pin(async move {
                assert_eq!(subscriptions::next_check(tx).await?, None);
                assert!(subscriptions::put(tx, id, NOW).await?);
                assert!(!subscriptions::put(tx, id, NOW + 9).await?, "it is known");
                let (ours, other) = (Uuid::from_u128(70), Uuid::from_u128(71));
                assert_eq!(subscriptions::lease(tx, ours, NOW, NOW + 10, 9).await?.len(), 1);
                assert!(subscriptions::lease(tx, other, NOW, NOW + 10, 9).await?.is_empty());
                let end = Looked { next_check_at: NOW + 100, failures: 0, checked_at: Some(NOW), renewed_at: Some(NOW), error: None };
                assert!(!subscriptions::finish(tx, id, other, &end).await?);
                assert!(subscriptions::finish(tx, id, ours, &end).await?);
                assert_eq!(subscriptions::next_check(tx).await?, Some(NOW + 100));
                subscriptions::soon(tx, id).await?;
                assert_eq!(subscriptions::lease(tx, other, NOW, NOW + 10, 9).await?.len(), 1);
                let end = Looked { next_check_at: NOW + 200, failures: 1, checked_at: None, renewed_at: None, error: Some("No answer.".to_owned()) };
                assert!(subscriptions::finish(tx, id, other, &end).await?);
                let known = subscriptions::all(tx).await?;
                assert_eq!((known[0].checked_at, known[0].failures, known[0].last_error.as_deref()), (Some(NOW), 1, Some("No answer.")));
                Ok::<_, Error>(())
            })
        })
        .await
        .unwrap();
    }
}
