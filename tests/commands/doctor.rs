//! A look at everything that could go wrong, each with what to do.

use super::bed::House;

#[test]
fn an_empty_folder_is_told_what_to_do_and_stays_empty() {
    let house = House::new();
    let said = house.run(&["doctor"]).with_a_sentence("not in order");
    assert!(said.out.contains("✗ Store:") && said.out.contains("deskbell setup"), "{said:#?}");
    assert!(!house.data().exists(), "a look makes nothing");
}

#[test]
fn a_key_that_others_can_read_is_found() {
    use std::os::unix::fs::PermissionsExt;
    let house = House::new();
    house.run(&["staff", "add", "ana@fernhill.example", "--name", "Ana"]).well();
    let key = house.data().join("secret.key");
    let sound = house.run(&["doctor"]);
    assert!(sound.out.contains("✓ Key:") && sound.out.contains("✓ Staff: one person"), "{sound:#?}");
    assert!(sound.out.contains("✗ Channels: none is connected yet"), "{sound:#?}");
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();
    let said = house.run(&["doctor"]).with_a_sentence("2 things are not in order");
    assert!(said.out.contains("✗ Key:") && said.out.contains("chmod 600"), "{said:#?}");
}

#[test]
fn a_lost_key_is_said_and_not_replaced() {
    let house = House::new();
    house.run(&["setup", "Fernhill"]).well();
    let key = house.data().join("secret.key");
    let kept = std::fs::read(&key).unwrap();
    std::fs::remove_file(&key).unwrap();
    house.run(&["staff", "list"]).with_a_sentence("is missing. Put secret.key back");
    assert!(!key.exists());
    std::fs::write(&key, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n").unwrap();
    house.run(&["staff", "list"]).with_a_sentence("Put the right key back");
    std::fs::write(&key, kept).unwrap();
    house.run(&["staff", "list"]).well();
}

#[test]
fn a_port_that_is_taken_is_said_at_once() {
    let house = House::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    house.run(&["serve", "--listen", &address]).with_a_sentence("cannot be served at");
    assert!(!house.data().exists());
}
