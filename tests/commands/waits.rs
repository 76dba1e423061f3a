//! Whoever must defend the numbers can have them reckoned again.

use rusqlite::Connection;

use super::bed::House;

#[test]
fn waits_are_reckoned_again_and_a_difference_is_said_in_words() {
    let house = House::new();
    assert_eq!(house.start(&["demo", "--quiet"]).stop().0, 0);
    let whole = house.run(&["waits", "rebuild"]).well().out;
    assert!(
        whole.contains("conversations: 40\n") && whole.contains("✓ Every wait is what the history says."),
        "{whole}"
    );

    let file = Connection::open(house.data().join("deskbell.db")).unwrap();
    let answered = "(SELECT id FROM waits WHERE outcome = 'answered' ORDER BY id LIMIT 1)";
    let faster = format!("UPDATE waits SET closed_at = opened_at WHERE id = {answered}");
    assert_eq!(file.execute(&faster, []).unwrap(), 1);
    drop(file);

    let found = house.run(&["waits", "rebuild", "--check"]);
    assert!(found.out.contains("✗ Q-") && found.out.contains("The history has it as"), "{found:#?}");
    found.with_a_sentence("One difference. Nothing was changed");
    house.run(&["store", "check"]).with_a_sentence("One thing is not as it should be.");
    house.run(&["waits", "rebuild"]).with_a_sentence("One difference; what the history says is kept now.");
    house.run(&["waits", "rebuild", "--check"]).well();
    house.run(&["store", "check"]).well();
}
