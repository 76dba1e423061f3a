//! Being signed in.

use super::bed::{House, NOW, each_engine};
use deskbell::clock::Clock;
use deskbell::model::session::{Scopes, Session, Token};
use deskbell::store::{Error, people, sessions, settings};
use uuid::Uuid;

fn session(staff_id: Uuid, last_seen_at: i64) -> Session {
    Session {
        id: Clock::frozen(NOW).id(),
        staff_id,
        created_at: NOW,
        last_seen_at,
        expires_at: NOW + 1_000,
        user_agent: "Firefox".to_owned(),
        address: "192.0.2.7".to_owned(),
    }
}

each_engine! {
    async fn a_secret_finds_its_session_until_it_is_removed(bed: Bed) {
        let house = House::build(&bed).await;
        let (ana, bryan) = (house.ana.id, house.bryan.id);
        let (one, other) = (session(ana, NOW), session(ana, NOW + 5));
        let (first, second) = (one.clone(), other.clone());
        bed.write(move |tx| {
            Box::pin(async move {
                sessions::insert(tx, &first, b"one").await?;
                sessions::insert(tx, &second, b"other").await?;
                sessions::touch(tx, first.id, NOW + 9).await?;
                sessions::touch(tx, first.id, NOW + 2).await?;
                assert!(!sessions::remove(tx, second.id, bryan).await?, "it is not his");
                Ok::<_, Error>(())
            })
        })
        .await
        .unwrap();
        let mut conn = bed.read().await.unwrap();
        let touched = Session { last_seen_at: NOW + 9, ..one.clone() };
        assert_eq!(sessions::by_token_hash(&mut conn, b"one").await.unwrap(), Some(touched.clone()));
        assert_eq!(sessions::by_token_hash(&mut conn, b"ones").await.unwrap(), None);
        assert_eq!(sessions::of_staff(&mut conn, ana, NOW).await.unwrap(), [touched, other.clone()]);
        assert_eq!(sessions::of_staff(&mut conn, ana, NOW + 1_000).await.unwrap(), []);
        drop(conn);
        let removed = bed.write(move |tx| Box::pin(async move { sessions::remove(tx, one.id, ana).await }));
        assert!(removed.await.unwrap().0);
        let expired = bed.write(move |tx| Box::pin(async move { sessions::remove_expired(tx, NOW + 1_000).await }));
        assert_eq!(expired.await.unwrap().0, 1);
    }

    async fn whoever_is_shut_out_is_out_everywhere(bed: Bed) {
        let house = House::build(&bed).await;
        let ana = house.ana.id;
        let token = Token {
            id: Clock::frozen(NOW).id(),
            staff_id: ana,
            name: "Catalogue widget".to_owned(),
            created_at: NOW,
            revoked_at: None,
            scopes: Scopes::all(),
            last_used_at: None,
            expires_at: None,
        };
        bed.write(move |tx| {
            Box::pin(async move {
                sessions::insert(tx, &session(ana, NOW), b"session").await?;
                sessions::insert_token(tx, &token, b"token").await?;
                sessions::insert_link(tx, b"link", ana, NOW, NOW + 1_000).await?;
                assert_eq!(sessions::token_by_hash(tx, b"token").await?.map(|token| token.staff_id), Some(ana));
                assert!(people::disable_staff(tx, ana, NOW).await?);
                assert!(!people::disable_staff(tx, ana, NOW + 1).await?, "she already is");
                assert_eq!(sessions::spend_link(tx, b"link", NOW).await?, None);
                Ok::<_, Error>(())
            })
        })
        .await
        .unwrap();
        let mut conn = bed.read().await.unwrap();
        assert_eq!(sessions::by_token_hash(&mut conn, b"session").await.unwrap(), None);
        assert_eq!(sessions::tokens_of(&mut conn, ana).await.unwrap()[0].revoked_at, Some(NOW));
    }

    async fn of_many_who_spend_a_link_one_signs_in(bed: Bed) {
        let house = House::build(&bed).await;
        let ana = house.ana.id;
        bed.write(move |tx| {
            Box::pin(async move {
                sessions::insert_link(tx, b"link", ana, NOW, NOW + 1_000).await?;
                sessions::insert_link(tx, b"old", ana, NOW - 10, NOW).await
            })
        })
        .await
        .unwrap();
        let tries = (0..20).map(|_| {
            bed.write(|tx| Box::pin(async move { sessions::spend_link(tx, b"link", NOW + 1).await }))
        });
        let winners: Vec<Uuid> =
            futures::future::join_all(tries).await.into_iter().filter_map(|spent| spent.unwrap().0).collect();
        assert_eq!(winners, [ana]);
        let late = bed.write(|tx| Box::pin(async move { sessions::spend_link(tx, b"old", NOW).await }));
        assert_eq!(late.await.unwrap().0, None, "its time is over");
    }

    async fn a_token_counts_until_it_is_revoked(bed: Bed) {
        let house = House::build(&bed).await;
        let ana = house.ana.clone();
        bed.write(move |tx| {
            Box::pin(async move {
                let token = Token {
                    id: Clock::frozen(NOW).id(),
                    staff_id: ana.id,
                    name: "Reports".to_owned(),
                    created_at: NOW,
                    revoked_at: None,
                    scopes: Scopes::all(),
                    last_used_at: None,
                    expires_at: None,
                };
                sessions::insert_token(tx, &token, b"token").await?;
                assert_eq!(sessions::token_by_hash(tx, b"token").await?, Some(token.clone()));
                assert!(sessions::revoke(tx, token.id, NOW).await?);
                assert!(!sessions::revoke(tx, token.id, NOW).await?);
                let revoked = sessions::token_by_hash(tx, b"token").await?.unwrap();
                assert!(token.counts(NOW) && !revoked.counts(NOW));
                assert!(sessions::note_token_use(tx, token.id, NOW, NOW - 10).await?);
                assert!(!sessions::note_token_use(tx, token.id, NOW + 5, NOW - 5).await?, "lately it was");
                assert!(sessions::note_token_use(tx, token.id, NOW + 10, NOW).await?);
                assert_eq!(sessions::token(tx, token.id).await?.unwrap().last_used_at, Some(NOW + 10));
                Ok::<_, Error>(())
            })
        })
        .await
        .unwrap();
    }

    async fn a_setting_is_kept_by_name(bed: Bed) {
        bed.write(|tx| {
            Box::pin(async move {
                assert_eq!(settings::get(tx, "retention").await?, None);
                settings::set(tx, "retention", "30").await?;
                settings::set(tx, "retention", "90").await?;
                assert_eq!(settings::get(tx, "retention").await?.as_deref(), Some("90"));
                settings::remove(tx, "retention").await?;
                assert_eq!(settings::get(tx, "retention").await?, None);
                Ok::<_, Error>(())
            })
        })
        .await
        .unwrap();
    }
}
