//! Who is kept out, on the command line.

use super::bed::House;

#[test]
fn somebody_is_kept_out_listed_and_let_write_again() {
    let house = House::new();
    assert_eq!(house.start(&["demo", "--quiet"]).stop().0, 0);
    let id = house
        .run(&["block", "add", "Win+Spring@Prizes.example", "--days", "90", "--reason", "adverts"])
        .well()
        .out
        .trim()
        .to_owned();
    let listed = house.run(&["block", "list", "--json"]).well().json();
    assert_eq!((&listed[0]["id"], &listed[0]["stands"]), (&id.as_str().into(), &true.into()));
    assert_eq!(
        (&listed[0]["whom"], &listed[0]["reason"]),
        (&"Win+Spring@Prizes.example".into(), &"adverts".into())
    );
    let shown = house.run(&["block", "list"]).well().out;
    assert!(shown.contains("by Deskbell, until ") && shown.contains("0 held  (adverts)"), "{shown}");

    house.run(&["block", "add", "@gmail.com"]).with_a_sentence("very many people");
    house.run(&["block", "add", "nobody"]).with_a_sentence("no address that can be blocked");
    house
        .run(&["block", "add", "@tamsin", "--platform", "no-such"])
        .with_a_sentence("There is no platform called no-such");
    house.run(&["block", "remove", "other@prizes.example"]).with_a_sentence("There is no such block");

    // The same person, however it is written.
    house.run(&["block", "remove", "win@prizes.example"]).well();
    house.run(&["block", "remove", "win@prizes.example"]).with_a_sentence("There is no such block");
    house.run(&["block", "add", "@prizes.example"]).well();
    let listed = house.run(&["block", "list", "--json"]).well().json();
    let whom: Vec<_> = listed.as_array().unwrap().iter().map(|one| (&one["whom"], &one["stands"])).collect();
    assert_eq!(
        whom,
        [
            (&"everybody at prizes.example".into(), &true.into()),
            (&"Win+Spring@Prizes.example".into(), &false.into())
        ]
    );
}
