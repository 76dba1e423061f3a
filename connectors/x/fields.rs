//! What of posts and messages is asked for, by both generations of X's names.

/// Of people.
pub const USER_FIELDS: &str = "id,name,username";
/// Of files.
pub const MEDIA_FIELDS: &str = "media_key,type,url,preview_image_url,variants";

const MENTION: &[(&str, &str)] = &[
    ("post.fields", "id,text,created_at,conversation_id,entities,attachments,note_post"),
    ("expansions", "author_id,in_reply_to_user_id,referenced_posts,attachments.media_keys"),
    ("user.fields", USER_FIELDS),
    ("media.fields", MEDIA_FIELDS),
];

const MENTION_OLDER: &[(&str, &str)] = &[
    (
        "tweet.fields",
        "id,text,author_id,created_at,conversation_id,in_reply_to_user_id,referenced_tweets,entities,attachments,note_tweet",
    ),
    ("expansions", "author_id,in_reply_to_user_id,attachments.media_keys"),
    ("user.fields", USER_FIELDS),
    ("media.fields", MEDIA_FIELDS),
];

const DIRECT: &[(&str, &str)] = &[
    ("event_types", "MessageCreate"),
    ("dm_event.fields", "id,text,event_type,created_at,dm_conversation_id,attachments,entities"),
    ("expansions", "sender_id,attachments.media_keys"),
    ("user.fields", USER_FIELDS),
    ("media.fields", MEDIA_FIELDS),
];

const DIRECT_OLDER: &[(&str, &str)] = &[
    ("event_types", "MessageCreate"),
    ("dm_event.fields", "id,text,event_type,created_at,dm_conversation_id,sender_id,attachments,entities"),
    ("expansions", "sender_id,attachments.media_keys"),
    ("user.fields", USER_FIELDS),
    ("media.fields", MEDIA_FIELDS),
];

/// Of posts.
pub fn of_posts(older_names: bool) -> &'static [(&'static str, &'static str)] {
    if older_names { MENTION_OLDER } else { MENTION }
}

/// Of direct messages.
pub fn of_directs(older_names: bool) -> &'static [(&'static str, &'static str)] {
    if older_names { DIRECT_OLDER } else { DIRECT }
}
