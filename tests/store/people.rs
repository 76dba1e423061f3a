//! The library, its desks and staff.

use super::bed::{House, NOW, each_engine, staff};
use deskbell::clock::Clock;
use deskbell::model::people::{Desk, Role, Staff};
use deskbell::store::{Error, people};

each_engine! {
    async fn what_is_set_up_is_read_back_in_order(bed: Bed) {
        let house = House::build(&bed).await;
        let mut conn = bed.read().await.unwrap();
        let library = people::library(&mut conn).await.unwrap().unwrap();
        assert_eq!((library.name.as_str(), library.zone.as_str()), ("Harbour Library", "Europe/Berlin"));
        let desks = people::desks(&mut conn).await.unwrap();
        assert_eq!(desks, [house.reference.clone(), house.children.clone()], "in the order they were added");
        assert_eq!(people::desk(&mut conn, house.children.id).await.unwrap(), Some(house.children));
        assert_eq!(people::branches(&mut conn).await.unwrap().len(), 1);
        assert_eq!(people::all_staff(&mut conn).await.unwrap(), [house.ana, house.bryan]);
    }

    async fn an_address_finds_its_person_whatever_its_case(bed: Bed) {
        let house = House::build(&bed).await;
        let mut conn = bed.read().await.unwrap();
        let found = people::staff_by_email(&mut conn, " Ana@Harbour.Example ").await.unwrap();
        assert_eq!(found, Some((house.ana, Some("hash of ana's".to_owned()))));
        let (_, password) = people::staff_by_email(&mut conn, "bryan@harbour.example").await.unwrap().unwrap();
        assert_eq!(password, None, "a link is the only way in for him");
        assert_eq!(people::staff_by_email(&mut conn, "nobody@harbour.example").await.unwrap(), None);
    }

    async fn a_name_or_address_that_is_taken_says_so_and_keeps_nothing(bed: Bed) {
        let house = House::build(&bed).await;
        let clock = Clock::frozen(NOW);
        let double = Staff { role: Role::Admin, ..staff(&clock, "Other Ana", "ANA@harbour.example") };
        let id = double.id;
        let refused = bed
            .write(move |tx| Box::pin(async move { people::insert_staff(tx, &double, None).await }))
            .await
            .unwrap_err();
        assert!(refused.is_taken(), "{refused}");
        let second = Desk { id: clock.id(), ..house.children };
        let refused = bed
            .write(move |tx| Box::pin(async move { people::insert_desk(tx, &second).await }))
            .await
            .unwrap_err();
        assert!(refused.is_taken(), "{refused}");
        let mut conn = bed.read().await.unwrap();
        assert_eq!(people::staff(&mut conn, id).await.unwrap(), None);
    }

    async fn a_desk_has_members(bed: Bed) {
        let house = House::build(&bed).await;
        let (desk, other, ana) = (house.reference.id, house.children.id, house.ana.id);
        bed.write(move |tx| {
            Box::pin(async move {
                people::add_member(tx, desk, ana).await?;
                people::add_member(tx, desk, ana).await?;
                people::add_member(tx, other, ana).await?;
                people::remove_member(tx, other, ana).await?;
                assert!(people::set_password(tx, ana, "another hash").await?);
                Ok::<_, Error>(())
            })
        })
        .await
        .unwrap();
        let mut conn = bed.read().await.unwrap();
        assert_eq!(people::desks_of(&mut conn, ana).await.unwrap(), [desk]);
        let (_, hash) = people::staff_by_email(&mut conn, &house.ana.email).await.unwrap().unwrap();
        assert_eq!(hash.as_deref(), Some("another hash"));
    }
}
