//! A library moves to another store and is the same there.

use super::bed::House;
use crate::support::postgres::fresh_database;

#[test]
fn a_copied_library_is_served_from_its_new_store() {
    let house = House::new();
    assert_eq!(house.start(&["demo", "--quiet"]).stop().0, 0);
    let whole = house.run(&["store", "check"]).well().out;
    assert!(whole.contains("✓ The store is whole.") && whole.contains("conversations: 40"), "{whole}");

    let copy = format!("sqlite:{}", house.data().join("copy.db").display());
    let said = house.run(&["store", "copy", "--to", &copy]).well();
    assert!(said.out.contains("conversations: 40 of 40"), "{said:#?}");
    assert_eq!(house.run(&["store", "copy", "--to", &copy]).well().out, said.out, "again changes nothing");

    let file = house.file("moved.toml", &format!("store = \"{copy}\"\n"));
    let file = file.to_str().unwrap();
    let moved = house.run(&["store", "check", "--config", file]).well().out;
    assert!(moved.contains("✓ The store is whole."), "{moved}");
    let token = house.run(&["staff", "token", "nora@fernhill.example", "--config", file]).well().out;
    let server = house.start(&["serve", "--config", file]);
    let rows = server.get("/api/v1/conversations?view=all&limit=200", token.trim()).1;
    assert_eq!(rows["items"].as_array().unwrap().len(), 40);
    house
        .run(&["store", "copy", "--to", &format!("sqlite:{}", house.data().join("deskbell.db").display())])
        .with_a_sentence("This is the store to copy from");
}

#[test]
fn a_library_grows_from_a_file_to_a_server() {
    let Some(database) = fresh_database() else { return };
    let house = House::new();
    assert_eq!(house.start(&["demo", "--quiet"]).stop().0, 0);
    let said = house.run(&["store", "copy", "--to", &database.url()]).well();
    assert!(said.out.contains("conversations: 40 of 40"), "{said:#?}");
    let file = house.file("moved.toml", &format!("store = \"{}\"\n", database.url()));
    house.run(&["store", "check", "--config", file.to_str().unwrap()]).well();
}
