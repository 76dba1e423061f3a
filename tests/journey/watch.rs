//! Lines that are held open, and those that cannot be.

use deskbell::worker::Lines;

use super::bed::{Desk, until};
use crate::store::bed::each_engine;

each_engine! {
    async fn what_cannot_be_watched_is_left_alone_until_it_is_opened_anew(bed: Bed) {
        let desk = Desk::open(bed).await;
        desk.loft.cannot_be_watched();
        let mut lines = Lines::default();
        assert_eq!(lines.look_around(&desk.app).await, 1);
        until("the line has ended", async || lines.held() == 0).await;
        assert_eq!((lines.look_around(&desk.app).await, desk.loft.watched()), (0, 1));
        desk.open_anew().await;
        assert_eq!(lines.look_around(&desk.app).await, 1);
        until("it is tried once more", async || desk.loft.watched() == 2).await;
    }

    async fn a_line_is_held_and_begun_anew_with_its_channel(bed: Bed) {
        let desk = Desk::open(bed).await;
        let mut lines = Lines::default();
        assert_eq!(lines.look_around(&desk.app).await, 1);
        until("it is watched", async || desk.loft.watched() == 1).await;
        assert_eq!((lines.look_around(&desk.app).await, lines.held()), (0, 1));
        desk.open_anew().await;
        assert_eq!((lines.look_around(&desk.app).await, lines.held()), (1, 1));
        until("by the new opening", async || desk.loft.watched() == 2).await;
    }
}
