//! Connected accounts.

use super::bed::{House, NOW, channel, each_engine};
use deskbell::clock::Clock;
use deskbell::model::channel::{Channel, State};
use deskbell::store::{Error, channels};

each_engine! {
    async fn a_channel_is_kept_byte_for_byte(bed: Bed) {
        let house = House::build(&bed).await;
        let id = house.channel.id;
        let mut conn = bed.read().await.unwrap();
        assert_eq!(channels::by_id(&mut conn, id).await.unwrap().as_ref(), Some(&house.channel));
        assert_eq!(channels::by_name(&mut conn, "Ask us").await.unwrap().as_ref(), Some(&house.channel));
        assert_eq!(channels::all(&mut conn).await.unwrap(), [house.channel]);
        drop(conn);
        bed.write(move |tx| {
            Box::pin(async move {
                assert!(channels::set_settings(tx, id, r#"{"host":"loft"}"#, b"sealed").await?);
                assert!(channels::set_identity(tx, id, "new@harbour.example", "new@ old@").await?);
                assert!(channels::set_signin_end(tx, id, Some(NOW + 7)).await?);
                assert!(channels::set_schedule(tx, id, None, Some(5_000)).await?);
                let now = channels::by_id(tx, id).await?.unwrap();
                assert_eq!((now.open_settings.as_str(), now.sealed_settings.as_slice()), (r#"{"host":"loft"}"#, b"sealed".as_slice()));
                assert_eq!((now.address.as_str(), now.ours.as_str()), ("new@harbour.example", "new@ old@"));
                assert_eq!((now.signin_ends_at, now.schedule, now.undo_hold_ms), (Some(NOW + 7), None, Some(5_000)));
                Ok::<_, Error>(())
            })
        })
        .await
        .unwrap();
    }

    async fn a_state_keeps_its_beginning_while_its_reason_changes(bed: Bed) {
        let house = House::build(&bed).await;
        let id = house.channel.id;
        bed.write(move |tx| {
            Box::pin(async move {
                assert!(!channels::set_state(tx, id, State::Active, NOW + 1, None).await?, "it already is");
                assert!(channels::set_state(tx, id, State::Degraded, NOW + 2, Some("no answer")).await?);
                assert!(channels::set_state(tx, id, State::Degraded, NOW + 3, Some("still no answer")).await?);
                let now = channels::by_id(tx, id).await?.unwrap();
                assert_eq!((now.state, now.state_since), (State::Degraded, NOW + 2));
                assert_eq!(now.state_why.as_deref(), Some("still no answer"));
                assert!(channels::set_state(tx, id, State::Active, NOW + 4, None).await?);
                let now = channels::by_id(tx, id).await?.unwrap();
                assert_eq!((now.state_since, now.state_why), (NOW + 4, None));
                Ok::<_, Error>(())
            })
        })
        .await
        .unwrap();
    }

    async fn what_is_taken_away_leaves_its_name_and_no_secret(bed: Bed) {
        let house = House::build(&bed).await;
        let (id, desk) = (house.channel.id, house.channel.desk_id);
        let again = channel(Clock::frozen(NOW).id(), "Ask us", desk);
        let early: Channel = again.clone();
        let refused = bed.write(move |tx| Box::pin(async move { channels::insert(tx, &early).await }));
        assert!(refused.await.unwrap_err().is_taken());
        bed.write(move |tx| {
            Box::pin(async move {
                assert!(channels::remove(tx, id, NOW + 1).await?);
                assert!(!channels::remove(tx, id, NOW + 2).await?);
                channels::insert(tx, &again).await?;
                assert_eq!(channels::by_name(tx, "Ask us").await?.as_ref(), Some(&again));
                assert_eq!(channels::all(tx).await?, [again]);
                let gone = channels::by_id(tx, id).await?.unwrap();
                assert_eq!((gone.removed_at, gone.sealed_settings.as_slice()), (Some(NOW + 1), b"".as_slice()));
                assert!(!channels::set_state(tx, id, State::Blocked, NOW, None).await?);
                Ok::<_, Error>(())
            })
        })
        .await
        .unwrap();
    }
}
