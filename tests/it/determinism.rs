//! The same seed, scenario and requests give the same bytes.

use ringer::scenario::seconds;

use crate::support::{Client, frozen, start};

/// All that a client reads in a life of a few rentals, and of one that is refused.
fn life(seed: u64, key: &str) -> String {
    let server = start(frozen().seed(seed));
    let client = Client::new(&server, key);
    let sandbox = server.sandbox(key).expect("the key is good");
    let mut read = client.get_numbers().text;
    for (country, service) in
        [("US", "telegram"), ("DE", "whatsapp"), ("GB", "x"), ("FR", "google")]
    {
        let rented = client.rent_for(country, service);
        read += &rented.text;
        sandbox.clock().advance(seconds(5));
        read += &client.poll(&rented.rental_id()).text;
        sandbox.clock().advance(seconds(5));
        read += &client.poll(&rented.rental_id()).text;
        read += &client.cancel(&rented.rental_id()).text;
    }
    let anonymous = client.rent("SE").rental_id();
    sandbox.clock().advance(seconds(8));
    read + &client.poll(&anonymous).text + &client.rent("JP").text + &client.get_numbers().text
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_others() {
    assert_eq!(life(7, "ci"), life(7, "ci"));
    assert_ne!(life(7, "ci"), life(8, "ci"));
}

#[test]
fn the_key_decides_nothing_but_the_rental_ids() {
    let without_ids = |text: String| {
        let mut kept = String::new();
        for (index, part) in text.split("rent_").enumerate() {
            kept += if index == 0 {
                part
            } else {
                part.trim_start_matches(|c: char| c.is_ascii_digit())
            };
        }
        kept
    };
    assert_ne!(life(7, "job-1"), life(7, "job-2"));
    assert_eq!(without_ids(life(7, "job-1")), without_ids(life(7, "job-2")));
}

/// Another version or another machine must read the same: when this changes, say so to users and
/// write the file anew with RINGER_UPDATE_GOLDEN=1.
#[test]
fn the_bytes_of_a_seed_are_those_of_every_version_so_far() {
    // A line a reply, so that a difference is seen where it is.
    let read = life(7, "ci").replace("}{", "}\n{") + "\n";
    let golden = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/golden/seed-7.txt");
    if std::env::var_os("RINGER_UPDATE_GOLDEN").is_some() {
        std::fs::write(golden, &read).expect("the file can be written");
    }
    assert_eq!(read, std::fs::read_to_string(golden).expect("the file is there"));
}
