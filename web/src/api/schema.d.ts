export interface paths {
    "/attachments/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A file */
        get: operations["readAttachment"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/blocks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is kept out, and who was */
        get: operations["listBlocks"];
        put?: never;
        /**
         * Keep somebody out
         * @description What they write from now on is held with the reason `blocked`: kept, answered by nobody and by no machine. Case does not
         *     count, nor what stands behind a plus in a mail address, nor how a number is grouped. The library's own people, channels and
         *     their domains cannot be blocked, nor domains where very many people have their mail. Who is blocked already stays so.
         */
        post: operations["block"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/blocks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Keep somebody out no more
         * @description What was held stays held: `/blocks/{id}/release` lets it in.
         */
        delete: operations["unblock"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/blocks/{id}/release": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let in everything that a block has held
         * @description Each message is read again from what was kept of it and filed at the time it has: its patron waits since then.
         */
        post: operations["releaseBlocked"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/channels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Connected accounts */
        get: operations["listChannels"];
        put?: never;
        /**
         * Connect an account
         * @description The platform is asked first, and nothing is kept of an account that it does not open. An account that is signed in on
         *     a page of the platform's is connected by `POST /signins`.
         */
        post: operations["connectChannel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/channels/kinds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Platforms that can be connected */
        get: operations["listKinds"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/channels/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Take a channel away
         * @description Its secrets go; its conversations stay.
         */
        delete: operations["removeChannel"];
        options?: never;
        head?: never;
        /**
         * Change a channel
         * @description Other settings count only if the platform opens the same account for them; it goes on from where it stopped.
         */
        patch: operations["changeChannel"];
        trace?: never;
    };
    "/channels/{id}/checks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Test a channel again
         * @description The platform is asked who we are there and what it lets us do. Whatever it says is the answer, also that it does not
         *     let us in.
         */
        post: operations["checkChannel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/channels/{id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Switch a channel off
         * @description It is neither read nor answered from until it is switched on again; nothing is lost meanwhile.
         */
        put: operations["pauseChannel"];
        post?: never;
        /**
         * Switch a channel on again
         * @description It catches up from where it stopped.
         */
        delete: operations["resumeChannel"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/channels/{id}/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a channel was told */
        get: operations["readChannelSettings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/channels/{id}/signin": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign a channel in again
         * @description It goes on from where it stopped, if the sign-in opens the same account.
         */
        post: operations["signChannelIn"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/claims/next": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Claim the next question
         * @description The one that is next is looked up and claimed in one step: a patron who waits at their screen first, then late ones,
         *     urgent ones, what is kept for the caller, the one due soonest, the oldest; what no patron waits for comes last. Only what
         *     the caller can take: at a desk where they answer, with the skill and the language that it needs, and no more live ones
         *     than they have at once. Of any number of people who ask at once each gets another one, and nobody is refused while one
         *     is free for them. Nothing free is no error: `conversation` is null and `words` say what waits for whom.
         */
        post: operations["claimNext"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/conversations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Conversations
         * @description `unclaimed`: late ones, urgent ones, then due soonest first; `mine`: due soonest first; `snoozed`: waking soonest first; the others, and any search: newest first.
         */
        get: operations["listConversations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/conversations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A conversation */
        get: operations["readConversation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/conversations/{id}/block": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Keep out whoever wrote last in a conversation
         * @description What they have written stays where it is.
         */
        put: operations["blockPatron"];
        post?: never;
        /** Keep out no more whoever wrote last in a conversation */
        delete: operations["unblockPatron"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/conversations/{id}/claim": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Claim a conversation
         * @description Of any number who claim it at once one gets 200, the others 409 `/problems/claimed` with `owner` and `since`. Claiming
         *     what one has already changes nothing. With `from` it is taken over from that person, who watches it from then on.
         */
        put: operations["claim"];
        post?: never;
        /**
         * Put a conversation back
         * @description For its owner; the patron's clock goes on. 409 `/problems/not-yours` for anybody else.
         */
        delete: operations["release"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/conversations/{id}/closure": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Mark a conversation done, or put it off
         * @description `answered`, `patron_lost` and `practice` end it; practice is in no statistics. `follow_up` makes it the caller's and puts
         *     it aside until `follow_up_at`. `home_library` opens it at that desk as nobody's, to be seen to within one open day of
         *     the desk. Neither ends the patron's wait. Sent again with another outcome it changes the outcome. 409
         *     `/problems/claimed` when it is to be put off and is somebody else's and the caller is no lead.
         */
        put: operations["close"];
        post?: never;
        /**
         * Take "done" or the follow-up back
         * @description A patron who was waiting goes on waiting from where they began.
         */
        delete: operations["reopen"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/conversations/{id}/draft": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What I am writing in a conversation
         * @description Nobody else is shown it, and no search finds it. Sent, it is forgotten in the same step.
         */
        get: operations["readDraft"];
        /** Keep what I am writing */
        put: operations["keepDraft"];
        post?: never;
        /** Forget what I am writing */
        delete: operations["forgetDraft"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/conversations/{id}/handoffs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Hand a conversation on
         * @description To a desk: it is open and nobody's there at once. To a person: they are asked, and until they answer it is whose it was;
         *     "not now", or half an hour without an answer (two minutes where the patron waits at their screen), puts it at its desk
         *     for everybody. The patron's clock goes on, and who hands it on watches. 409 `/problems/claimed` when it is somebody else's and the caller is no lead.
         */
        post: operations["handOff"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/conversations/{id}/merge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What would come of merging it */
        get: operations["previewMerge"];
        /**
         * Merge a conversation into another one
         * @description What was said in both is in the other one from then on, in the order in which it came; this one is in no list and leads
         *     there, and so does whatever comes to it. The patron waits from the oldest message that nobody has answered. 409
         *     `/problems/two-patrons` with both names unless `two_patrons` is said; `/problems/claimed` when it is somebody else's and
         *     the caller is no lead; `/problems/merged` when it is part of another one already.
         */
        put: operations["merge"];
        post?: never;
        /**
         * Undo a merge
         * @description For 30 days. Both are as they were, with what came in between where its thread belongs. 409 `/problems/not-merged` when it
         *     stands by itself.
         */
        delete: operations["undoMerge"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/conversations/{id}/needs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Say what a conversation needs
         * @description "Claim next" gives it to nobody who lacks that. Anybody may still grab it.
         */
        put: operations["decideNeeds"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/conversations/{id}/notes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Leave a note for colleagues */
        post: operations["writeNote"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/conversations/{id}/passes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pass a question on
         * @description The next desk of its cascade is asked, and claim next gives it no more to those who had it. For whoever has it, for anybody
         *     while nobody has, and for leads. Where there is no further desk it waits for everybody, urgent.
         */
        post: operations["pass"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/conversations/{id}/presence": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Say that I look at a conversation
         * @description Repeated each `again_in_ms` while the page can be seen; counts for 40 seconds. Who changed their answer less than 20
         *     seconds ago is replying. Nobody is kept from anything by it.
         */
        put: operations["view"];
        post?: never;
        /** Say that I look at a conversation no more */
        delete: operations["leave"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/conversations/{id}/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * See what an answer would become
         * @description The same look that decides when it is sent. Nothing is kept and nothing leaves.
         */
        post: operations["previewReply"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/conversations/{id}/replies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Answer the patron
         * @description Held for the channel's undo time, then sent. A conversation that nobody has becomes the writer's. 409
         *     `/problems/newer` with what was said that the writer has not seen; 409 `/problems/claimed` with the owner when somebody
         *     else has it and the library wants the writer to be asked (`helps` is the answer), 403 `/problems/owners-only` when it
         *     wants nobody else to answer, and `/problems/review-first` when what the writer writes is looked through first; 422 `/problems/cannot-send` when it cannot go this way.
         */
        post: operations["reply"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/conversations/{id}/replies/{message_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Take an answer back
         * @description While it is held; 409 `/problems/already-left` after that.
         */
        delete: operations["withdrawReply"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/conversations/{id}/reviews": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Have an answer looked through
         * @description It waits, and the patron with it: it is no message until somebody approves it. Anybody may ask for that; whose answers are
         *     looked through must. A conversation that nobody has becomes the writer's. One for each writer waits in a conversation at a
         *     time. The problems are those of a reply.
         */
        post: operations["askReview"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/conversations/{id}/snooze": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Snooze a conversation
         * @description A patron who waits goes on waiting. It comes back, open, at that moment or as soon as the patron writes.
         */
        put: operations["snooze"];
        post?: never;
        /** End a snooze before its moment */
        delete: operations["wake"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/conversations/{id}/spam": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Mark a conversation as spam
         * @description A patron's wait ends without an answer and is counted apart. Later messages stay with it and wait for nobody.
         */
        put: operations["markSpam"];
        post?: never;
        /**
         * Say that it is no spam
         * @description It comes back with the wait it had; what was said meanwhile waits too.
         */
        delete: operations["unmarkSpam"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/conversations/{id}/splits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Split part of a conversation off
         * @description What was chosen is a conversation of its own since, and each leads to the other. The patron waits wherever something has no
         *     answer, since the first of that was said; an answer on its way settles where it is now; what answers a message that went
         *     goes where that is. It is taken back by merging the two. 422 `/problems/invalid` in words when nothing of a patron would be
         *     in one of them, and when a colleague was quicker; 409 `/problems/merged` when it is part of another one.
         */
        post: operations["split"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/conversations/{id}/tags/{tag_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Put a tag on a conversation */
        put: operations["putTag"];
        post?: never;
        /** Take a tag off a conversation */
        delete: operations["takeTag"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/conversations/{id}/urgent": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Mark a conversation urgent
         * @description Unclaimed, it comes after what is late and before everything else.
         */
        put: operations["markUrgent"];
        post?: never;
        /** Say that it is not urgent */
        delete: operations["unmarkUrgent"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/conversations/{id}/watch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Watch a conversation
         * @description Until it is done. Nobody else is told.
         */
        put: operations["watch"];
        post?: never;
        /** Watch it no more */
        delete: operations["unwatch"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/desks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where people answer together */
        get: operations["listDesks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/desks/{id}/away": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a desk says while it is closed */
        get: operations["readAway"];
        /**
         * Have a desk say something while it is closed
         * @description To whoever writes from now on: once in a conversation while the desk is closed, to nobody twice within twelve hours, never to
         *     lists or machines, and never in public. It ends no wait.
         */
        put: operations["setAway"];
        post?: never;
        /** Have a desk say nothing while it is closed */
        delete: operations["clearAway"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/desks/{id}/away/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Show what a desk would say
         * @description Nothing is kept.
         */
        post: operations["previewAway"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/desks/{id}/calendar": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take closed days and other hours in
         * @description All of it or nothing: every line that is not understood is named. The same again changes nothing.
         */
        post: operations["takeCalendarIn"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/desks/{id}/cascade": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The steps of a desk's cascade
         * @description Where its questions are offered when nobody takes them. They stay at the desk, with its wait and its promise.
         */
        get: operations["readCascade"];
        /**
         * Decide the steps of a desk's cascade
         * @description For managers. A desk that is closed when its step comes is passed over, and the history says so.
         */
        put: operations["decideCascade"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/desks/{id}/closed-today": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Keep a desk closed today
         * @description Answers that waiting patrons were promised are due accordingly later, and who writes now is told what the desk says while it is
         *     closed.
         */
        put: operations["closeToday"];
        post?: never;
        /** Open a desk after all */
        delete: operations["openToday"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/desks/{id}/hours": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** When a desk is open */
        get: operations["readHours"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/drafts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where I am writing */
        get: operations["listDrafts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/handoffs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What I am asked to take */
        get: operations["listHandoffs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/handoffs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Take a hand-off back
         * @description Before the person has answered; for who handed it on, who has the conversation, and leads.
         */
        delete: operations["withdrawHandoff"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/handoffs/{id}/acceptance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Accept a hand-off
         * @description For the person who is asked. 409 `/problems/over` when it ended before.
         */
        put: operations["acceptHandoff"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/handoffs/{id}/refusal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Say "not now"
         * @description For the person who is asked. It waits for everybody at its desk. 409 `/problems/over` when it ended before.
         */
        put: operations["refuseHandoff"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether it runs */
        get: operations["readHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/intake": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether anything was lost */
        get: operations["readIntake"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/held": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What is held */
        get: operations["listHeld"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/held/{id}/original": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What is held, as it came */
        get: operations["readHeldOriginal"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/held/{id}/release": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let in what is held because its writer was blocked
         * @description It is read again from what was kept and filed at the time it has: its patron waits since then. Nothing is said in answer by
         *     itself. 409 `/problems/changed` when somebody else has let it in; 422 when it is held for another reason or cannot be read
         *     again.
         */
        post: operations["releaseHeld"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/library/head-start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Decide how long a question is kept for who knows its patron
         * @description For managers. Whoever had the patron's last question, or else whoever usually helps them, is given the next one before
         *     others are, if they are at the desk and the desk is open.
         */
        put: operations["decideHeadStart"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/library/reply-policy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Decide who answers in a colleague's conversation
         * @description For managers. `ask`: who answers there is asked first (note, help or take over); `allow`: anybody helps unasked;
         *     `block`: only whoever has it answers, and only leads take over.
         */
        put: operations["decideReplyPolicy"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Everything that happens
         * @description `event: change` with `id: SEQ` and an Event as `data` for each line of the history; `event: channel` when a channel's
         *     health changes; `event: presence` with a Presence when somebody comes, goes, looks at something else or begins to
         *     reply. Ends when the session does. Who is more than 10,000 events behind is not told of them (422): load what you show
         *     again, and follow from the number that came with it.
         *
         *     With `desk` only what happens to conversations at these desks is told, and to what the caller is asked to take. A line that
         *     takes one of them elsewhere comes as `event: gone`, with the same data: it is at none of them any more. Now and then a
         *     number comes without an event: nothing up to there was for the caller.
         */
        get: operations["follow"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who I am */
        get: operations["readMe"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/me/presence": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Say whether I am there
         * @description What somebody has who is away goes back to the queue a quarter of an hour of open time before its answer is due, unless
         *     they are replying. Signing in says `at_desk` again.
         */
        put: operations["sayPresence"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/messages/{id}/frame": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A message's markup
         * @description A whole document for `<iframe sandbox>`, under a policy of its own: no scripts, nothing remote.
         */
        get: operations["readFrame"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/messages/{id}/original": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A message as it came */
        get: operations["readOriginal"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This document */
        get: operations["readOpenapi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/patron-notes/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change a note about a patron
         * @description Only whoever wrote it.
         */
        put: operations["changePatronNote"];
        post?: never;
        /**
         * Take a note about a patron away
         * @description Only whoever wrote it.
         */
        delete: operations["removePatronNote"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/patrons/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A patron */
        get: operations["readPatron"];
        /**
         * Write down what is known about a patron
         * @description All of it: what is not said is not known any more. Every conversation of theirs bears the name, and no platform's word
         *     replaces it.
         */
        put: operations["describePatron"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/patrons/{id}/conversations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A patron's conversations */
        get: operations["listOfPatron"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/patrons/{id}/notes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Leave a note about a patron */
        post: operations["notePatron"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/patrons/{id}/union": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What would come of two patrons being one person */
        get: operations["previewUnion"];
        /**
         * Say that two patrons are one person
         * @description Addresses, notes and conversations of both belong to one of them from then on: to whoever has a name rather than a number
         *     or a handle, else to whoever was met first. Never because of a name: both must have an address for which both platforms
         *     vouch, or `checked` says how one of us knows.
         */
        put: operations["unite"];
        post?: never;
        /**
         * Say that two patrons are two people after all
         * @description For 30 days. Addresses, notes and conversations are as they were; what has come since belongs to whoever has the address
         *     it came from. 409 `/problems/not-merged` when the patron is nobody else.
         */
        delete: operations["undoUnion"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/presence": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who is there
         * @description A person whose page has told nothing for ten minutes is away, and so is who is signed out.
         */
        get: operations["readPresence"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/reports/waits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How long patrons waited */
        get: operations["reportWaits"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/reviews": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What waits to be looked through */
        get: operations["listReviews"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/reviews/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Take an answer back that waits to be looked through
         * @description For its author: it is their draft again.
         */
        delete: operations["takeReviewBack"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/reviews/{id}/approval": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Approve an answer
         * @description It leaves in its author's name when the undo hold is over, as it is or with other words; both names are kept. 409
         *     `/problems/newer` with what was said since it was written, or since `seen`; 409 `/problems/changed` when it waits no more; 403
         *     `/problems/cannot-review` for its author and for whoever's own answers are looked through.
         */
        put: operations["approveReview"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/reviews/{id}/return": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Return an answer to its author
         * @description With a word; it is their draft again.
         */
        put: operations["returnReview"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The rules */
        get: operations["listRules"];
        put?: never;
        /**
         * Make a rule
         * @description It is asked after all others, about each message that begins a conversation from now on. What it does stands in the
         *     conversation's history under its name. `deskbell rules` does the same.
         */
        post: operations["addRule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rules/order": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Say in which order rules are asked */
        put: operations["orderRules"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rules/trials": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Try rules on past conversations
         * @description Nothing is changed. Desks, tags and hours are those of today.
         */
        post: operations["tryRules"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rules/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Change a rule */
        put: operations["changeRule"];
        post?: never;
        /**
         * Remove a rule
         * @description What it did stays.
         */
        delete: operations["removeRule"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rules/{id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Switch a rule off */
        put: operations["pauseRule"];
        post?: never;
        /** Switch a rule on */
        delete: operations["resumeRule"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/searches": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Saved searches */
        get: operations["listSearches"];
        put?: never;
        /**
         * Save a search
         * @description For oneself, or for everybody at a desk. A hundred for each person and each desk; none of them is ever counted.
         */
        post: operations["saveSearch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/searches/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change a saved search
         * @description One's own; what a desk has also those who lead. 409 `/problems/changed` when somebody has changed it since.
         */
        put: operations["changeSearch"];
        post?: never;
        /**
         * Remove a saved search
         * @description One's own; what a desk has also those who lead. 409 `/problems/changed` when somebody has changed it since.
         */
        delete: operations["removeSearch"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where I am signed in */
        get: operations["listSessions"];
        put?: never;
        /**
         * Sign in
         * @description Sets the cookie. A session that the browser already had ends.
         */
        post: operations["signIn"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Sign out
         * @description `current` stands for the session that asks.
         */
        delete: operations["endSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/signins": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Connect an account by signing it in */
        post: operations["beginSignin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/signins/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How far a sign-in has come */
        get: operations["readSignin"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/signins/{id}/choice": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Choose one of the accounts that a sign-in opened */
        put: operations["chooseAccount"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Everybody who answers here */
        get: operations["listStaff"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/{id}/abilities": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Say what a person can
         * @description For managers. "Claim next" gives them what needs their skills and languages, and live conversations up to so many at
         *     once.
         */
        put: operations["decideAbilities"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/{id}/review": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Decide whether a person's answers are looked through
         * @description For managers. Nothing of theirs leaves before somebody else whose answers are not looked through has approved it.
         */
        put: operations["decideReview"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tags": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The house's tags */
        get: operations["listTags"];
        put?: never;
        /**
         * Put a tag on the house's list
         * @description For leads. One of that name, whatever its case, is that one.
         */
        post: operations["addTag"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tags/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Take a tag off the house's list
         * @description For leads. What bears it still does.
         */
        delete: operations["removeTag"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** My tokens; for an admin, everybody's */
        get: operations["listTokens"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tokens/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Take a token back
         * @description One's own, or anybody's for an admin. It stops counting at once.
         */
        delete: operations["revokeToken"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/uploads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Files that wait
         * @description Everything that the caller added and has not sent, oldest first.
         */
        get: operations["listFiles"];
        put?: never;
        /**
         * Add a file
         * @description To an answer that is being written: its bytes are the whole body. It is its uploader's alone and kept for a day; sent
         *     with `files` of a reply it becomes an attachment of that message. 413 `/problems/too-large`.
         */
        post: operations["addFile"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/uploads/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove a file
         * @description From an answer that is not sent. One that is not there is removed already.
         */
        delete: operations["removeFile"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/views": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How full each view is */
        get: operations["listViews"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every webhook */
        get: operations["listWebhooks"];
        put?: never;
        /**
         * Register a webhook
         * @description Every event from now on is posted to it as JSON, in order, at least once. A call is signed as Standard Webhooks say:
         *     `webhook-signature` is `v1,` and the base64 of an HMAC-SHA256 over `webhook-id.webhook-timestamp.body` by the secret
         *     (base64 after `whsec_`). Whatever is not answered with 2xx is told again for 72 hours.
         */
        post: operations["registerWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Take a webhook away */
        delete: operations["removeWebhook"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{id}/attempts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How the latest calls went */
        get: operations["listAttempts"];
        put?: never;
        /** Call a webhook once: a test, or what was sent before */
        post: operations["callWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Switch a webhook off */
        put: operations["pauseWebhook"];
        post?: never;
        /**
         * Switch a webhook on
         * @description It is told everything that happened meanwhile.
         */
        delete: operations["resumeWebhook"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description What a person can. */
        Abilities: {
            /** @description Languages, as codes of ISO 639 such as `es`, besides the house's own. */
            languages: string[];
            /**
             * Format: int64
             * @description How many live conversations they have at once before they are given no more.
             */
            live_at_once: number;
            /** @description Skills, such as `card accounts`: whoever has one is given what needs it. */
            skills: string[];
        };
        /** @description One thing that a rule does. */
        Act: {
            /** @enum {string} */
            act: "desk";
            /** @description The desk's name or id. */
            to: string;
        } | {
            /** @enum {string} */
            act: "tag";
            /** @description The tag's name or id. */
            with: string;
        } | {
            /** @enum {string} */
            act: "need";
            /** @description A skill that somebody has. */
            skill: string;
        } | {
            /** @enum {string} */
            act: "speak";
            /** @description A language that somebody speaks, as a code of ISO 639 such as `es`. */
            language: string;
        } | {
            /** @enum {string} */
            act: "urgent";
        } | {
            /** @enum {string} */
            act: "spam";
        } | {
            /** @enum {string} */
            act: "stop";
        };
        /** @description Who did it. */
        Actor: {
            name: string;
            /**
             * Format: uuid
             * @description One of us; null for a patron or the platform.
             */
            staff_id: string | null;
        };
        /** @description One way to reach a person. */
        Address: {
            /** @description As people write it. */
            address: string;
            /** Format: uuid */
            id: string;
            /** @description What such an address is called. */
            kind_word: string;
            /** @description What the person calls it. */
            label: string | null;
            /** @description Whether its platform vouches for it, or something that was sent there was answered from it. */
            verified: boolean;
        };
        /** @description How somebody asked to be answered. */
        AnswerBy: {
            /**
             * Format: uuid
             * @description At this one of their addresses.
             */
            address_id: string | null;
            /** @description When, in their words. */
            hours: string | null;
            /** @description "Text message to +1 406 555 0193". */
            words: string | null;
        };
        /** @description An approval. */
        Approval: {
            /** @description Although something was said since it was written. */
            anyway?: boolean;
            /**
             * Format: int64
             * @description `seen` of the conversation as whoever approves it last saw it.
             */
            seen: number;
            /** @description Other words in place of its author's; null: as it is. */
            text?: string | null;
        };
        /** @description A hand-off with what it is about. */
        Asked: {
            /** @description What about. */
            conversation: components["schemas"]["Row"];
            /** @description What the caller is asked. */
            handoff: components["schemas"]["Handoff"];
        };
        /** @description A file. */
        Attachment: {
            /** @description As its sender declared it. */
            content_type: string;
            filename: string;
            /**
             * Format: uuid
             * @description `/attachments/{id}` gives its bytes.
             */
            id: string;
            /** @description Shown in place rather than listed. */
            inline: boolean;
            /**
             * Format: int64
             * @description Bytes.
             */
            size: number;
            /** @description `kept`, `to_fetch` or `refused`. */
            state: string;
            /** @description Why it is not here, in words. */
            why: string | null;
        };
        /** @description Files on the way out. */
        Attachments: {
            /** @description The first that fits counts; none that fits: that kind is not taken. */
            kinds: components["schemas"]["FileKind"][];
            /** @description `native`, `degraded` or `unsupported`. */
            level: string;
            /** Format: int32 */
            max_count: number;
            /** Format: int64 */
            max_total_bytes: number;
            /** @description Why none are taken, in words; null: they are. */
            why_not: string | null;
            /** @description Whether files may go without words. */
            without_text: boolean;
        };
        /** @description How one call went. */
        Attempt: {
            /** @description When. */
            at: components["schemas"]["Time"];
            /**
             * Format: uuid
             * @description Its id.
             */
            id: string;
            /** @description What it was: an event's kind, or `test`. */
            kind: string;
            /**
             * Format: int64
             * @description The event that was told; null: a test.
             */
            seq: number | null;
            /**
             * Format: int64
             * @description What was answered.
             */
            status: number | null;
            /**
             * Format: int64
             * @description How long it took.
             */
            took_ms: number;
            /** @description Why it does not count; null: it was taken. */
            why: string | null;
        };
        /** @description Who said it. */
        Author: {
            /** @description Where they wrote from, or where it went. */
            address: string | null;
            name: string;
            /**
             * Format: uuid
             * @description One of us; null for a patron.
             */
            staff_id: string | null;
        };
        /** @description What a desk says. */
        Away: {
            changed_at: components["schemas"]["Time"] | null;
            /** @description What each connected channel would send now. */
            channels: components["schemas"]["AwayShown"][];
            /** @description "tomorrow, Tuesday, at 9 am"; null: the desk is never closed, or closed for good, and so nothing is said. */
            opening: string | null;
            short: string | null;
            /** @description Null: it says nothing. */
            text: string | null;
        };
        /** @description What a channel would send. */
        AwayShown: {
            /** Format: uuid */
            channel_id: string;
            /** @description What the channel is called. */
            name: string;
            /** @description Null: it sends nothing. */
            text: string | null;
            /** @description Why it sends nothing, in words. */
            why_not: string | null;
        };
        /** @description What a desk is to say. */
        AwayText: {
            /** @description The same in at most 300 characters, for channels where `text` is more than one message. */
            short: string | null;
            /** @description At most 2,000 characters. `{opening}` becomes the next opening in words, `{desk}` and `{library}` their names. */
            text: string;
        };
        /** @description Somebody who is kept out, or was. */
        Block: {
            blocked_at: components["schemas"]["Time"];
            /**
             * Format: uuid
             * @description Who of us; null: by a command.
             */
            blocked_by: string | null;
            /** @description The same in words. */
            blocked_name: string;
            /**
             * Format: uuid
             * @description The conversation in which it was decided.
             */
            conversation_id: string | null;
            /** @description Whether it means everybody at a domain and below. */
            domain: boolean;
            /**
             * Format: int64
             * @description How many messages lie in held because of it.
             */
            held: number;
            /** Format: uuid */
            id: string;
            lifted_at: components["schemas"]["Time"] | null;
            lifted_name: string | null;
            reason: string | null;
            /** @description Whether it keeps anybody out now. */
            stands: boolean;
            until: components["schemas"]["Time"] | null;
            /** @description "jo@post.example.org", "everybody at post.example.org". */
            whom: string;
        };
        /** @description How to keep out whoever wrote last. */
        Blocking: {
            /** @description Everybody at their domain and below: for leads. */
            domain?: boolean;
            /** @description Why, for colleagues. */
            reason?: string | null;
            /** @description Mark the conversation as spam with that. */
            spam?: boolean;
            until?: components["schemas"]["Moment"] | null;
        };
        /** @description Money of a day (UTC), in millionths of its currency. */
        Budget: {
            /** @description ISO 4217. */
            currency: string;
            /**
             * Format: int64
             * @description What is left today; null: no limit.
             */
            left_micros: number | null;
            /**
             * Format: int64
             * @description The most for a day; null: no limit.
             */
            limit_micros: number | null;
            /**
             * Format: int64
             * @description Used up today.
             */
            spent_micros: number;
            /** @description Nothing is read any more today: what is left is for answers. */
            used_up: boolean;
            /** @description "0.40 USD of 5.00 USD today". */
            words: string;
        };
        /** @description By a one-time link. */
        ByLink: {
            /** @description What follows `link=` in it. */
            link: string;
        };
        /** @description By password. */
        ByPassword: {
            /** @description The address staff sign in with. */
            email: string;
            /** @description Their password. */
            password: string;
        };
        /** @description A calendar to take in. */
        CalendarFile: {
            /** @description Only say what would change. */
            dry_run: boolean;
            /** @description Whose hours are meant, by name or number, where several places publish theirs together. */
            place: string | null;
            /** @description iCal, a table (`date,until,from,to,name`) or JSON of published hours, as `deskbell hours import --help` says. */
            text: string;
        };
        /** @description What taking a calendar in changed, or would change. */
        CalendarTaken: {
            /** @description New ones. */
            added: components["schemas"]["Differing"][];
            /** @description Those that had other hours. */
            changed: components["schemas"]["Differing"][];
            /** @description Patrons whose answer is due at another moment now. */
            moved: number;
            /** @description How many were there already. */
            same: number;
        };
        /** @description What to call with. */
        Call: {
            /**
             * Format: uuid
             * @description The call to repeat, under its event's same id; left out: a test.
             */
            again?: string | null;
        };
        /** @description What it can do. */
        Capabilities: {
            attachments: components["schemas"]["Attachments"];
            /** @description What we say elsewhere comes back to us. */
            echoes: boolean;
            /** @description Bold, lists, links: `native`, `degraded` or `unsupported`. */
            formatting: string;
            /**
             * Format: int64
             * @description A message can be answered privately once, within so many milliseconds.
             */
            one_shot_reply_ms: number | null;
            public_attachments: components["schemas"]["Attachments"] | null;
            public_text: components["schemas"]["TextLimit"] | null;
            receipts: components["schemas"]["Receipts"];
            /** @description Whether messages have subjects. */
            subject: boolean;
            text: components["schemas"]["TextLimit"];
            /**
             * Format: int64
             * @description How long an answer can be taken back.
             */
            undo_hold_ms: number;
            /** @description Who can read what is said here: `private`, `public`. */
            visibility: string[];
            /** @description Until when an answer may go, counted from the patron's last message; empty: always. */
            windows: components["schemas"]["Window"][];
        };
        /** @description The steps of a desk's cascade. */
        Cascade: {
            /** @description In their order, ten at most. */
            steps: components["schemas"]["Step"][];
        };
        /** @description What is to be different; what is left out stays. */
        ChangedChannel: {
            /**
             * Format: int64
             * @description The most it may use up in a day, in millionths of its platform's currency; null: no limit.
             */
            budget_micros?: number | null;
            /**
             * Format: uuid
             * @description Where its conversations land.
             */
            desk_id?: string | null;
            /** @description As staff call it. */
            name?: string | null;
            /** @description How often it is read; null: as the platform suggests. */
            schedule?: string | null;
            /** @description Settings by field; null or empty: as if it had never been given. */
            settings?: {
                [key: string]: string | null;
            };
            /**
             * Format: int64
             * @description How long an answer can be taken back; null: as the platform suggests.
             */
            undo_hold_ms?: number | null;
        };
        /** @description A connected account. */
        Channel: {
            /** @description As patrons see it. */
            address: string;
            /**
             * Format: int64
             * @description How many are still to be read.
             */
            backlog: number;
            budget: components["schemas"]["Budget"] | null;
            capabilities: components["schemas"]["Capabilities"];
            /**
             * Format: uuid
             * @description Where its conversations land.
             */
            desk_id: string;
            /** @description "Up to date, last message 10:22". */
            health: string;
            /** Format: uuid */
            id: string;
            /** @description The connector's name. */
            kind: string;
            /** @description Why something with it failed last, in words and without its secrets; null: nothing fails. */
            last_error: string | null;
            last_message_at: components["schemas"]["Time"] | null;
            last_success_at: components["schemas"]["Time"] | null;
            look: components["schemas"]["Look"];
            /** @description As staff call it. */
            name: string;
            /** @description What stands on the button that signs it in again; null: it is not signed in on a page of the platform's. */
            signin: string | null;
            /**
             * Format: int64
             * @description Whole days until then.
             */
            signin_days_left: number | null;
            signin_ends_at: components["schemas"]["Time"] | null;
            /**
             * @description What we believe of it.
             * @enum {string}
             */
            state: "active" | "degraded" | "needs_signin" | "blocked" | "paused";
            /** @description Since when it is in this state. */
            state_since: components["schemas"]["Time"];
            streams: components["schemas"]["Stream"][];
            /** @description What to do; null: nothing. */
            todo: string | null;
        };
        /** @description What became of everything that one channel gave. */
        ChannelIntake: {
            /** Format: uuid */
            channel_id: string;
            /**
             * Format: int64
             * @description Known already.
             */
            duplicates: number;
            /**
             * Format: int64
             * @description Held.
             */
            held: number;
            /**
             * Format: int64
             * @description Became messages.
             */
            messages: number;
            /** @description As staff call it. */
            name: string;
            /**
             * Format: int64
             * @description Everything.
             */
            received: number;
        };
        /** @description What a channel was told. Secrets are named and never shown. */
        ChannelSettings: {
            /**
             * Format: int64
             * @description The most it may use up in a day, in millionths of its platform's currency; null: no limit.
             */
            budget_micros: number | null;
            /**
             * Format: uuid
             * @description Where its conversations land.
             */
            desk_id: string;
            /** Format: uuid */
            id: string;
            /** @description The connector's name. */
            kind: string;
            /** @description As staff call it. */
            name: string;
            /** @description How often it is read; null: as the platform suggests. */
            schedule: string | null;
            /** @description Which secrets are kept. */
            secrets: string[];
            /** @description What was given, by field, but for the secrets. */
            settings: {
                [key: string]: string;
            };
            /**
             * Format: int64
             * @description How long an answer can be taken back; null: as the platform suggests.
             */
            undo_hold_ms: number | null;
        };
        /** @description One thing that was looked at. */
        Check: {
            /** @description What was seen; where it is not in order, what to do. */
            detail: string;
            /** @description What. */
            name: string;
            /** @description Whether it is in order. */
            passed: boolean;
        };
        /** @description What the platform said when it was asked again. */
        Checks: {
            /** @description In the order of asking. */
            items: components["schemas"]["Check"][];
            /** @description Whether all of it is in order. */
            passed: boolean;
        };
        /** @description One answer to a choice. */
        Choice: {
            /** @description As a person reads it. */
            label: string;
            /** @description The stable word. */
            value: string;
        };
        /** @description One of the accounts that a sign-in opened. */
        Chosen: {
            /** @description Its id. */
            account: string;
        };
        /** @description What somebody decides. */
        Closing: {
            /**
             * Format: uuid
             * @description With `home_library`, and only there: the desk; the one at which the channel's questions come in when it is left
             *     out.
             */
            desk_id?: string | null;
            follow_up_at?: components["schemas"]["Moment"] | null;
            /**
             * @description `answered` when it is left out. A patron who still waits and has no answer on its way was not answered, whatever
             *     is said here.
             */
            outcome?: ("answered" | "follow_up" | "home_library" | "patron_lost" | "practice") | null;
            /** @description Why, for colleagues; at most 500 characters. */
            why?: string | null;
        };
        /** @description One condition. */
        Condition: {
            /** @description The text with every other condition but this one. */
            without: string;
            /** @description In words: "late". */
            words: string;
        };
        /** @description A conversation with what was said in it, newest part first to arrive: older ones by `earlier`. */
        Conversation: {
            block: components["schemas"]["Block"] | null;
            /**
             * Format: uuid
             * @description The channel it came by.
             */
            channel_id: string;
            /** @description When it began. */
            created_at: components["schemas"]["Time"];
            /**
             * Format: uuid
             * @description The desk it is at.
             */
            desk_id: string;
            due_at: components["schemas"]["Time"] | null;
            /** @description Send as `before` for what came earlier; null when this is all. */
            earlier: string | null;
            /** @description What was done, oldest first. */
            events: components["schemas"]["Event"][];
            follow_up_at: components["schemas"]["Time"] | null;
            handoff: components["schemas"]["Handoff"] | null;
            /** @description Whether any message brought files. */
            has_attachments: boolean;
            /**
             * Format: uuid
             * @description Its id.
             */
            id: string;
            /**
             * Format: uuid
             * @description Only this person is given it as the next, until `kept_until`.
             */
            kept_for: string | null;
            kept_until: components["schemas"]["Time"] | null;
            /** @description Only whoever speaks this is given it as the next; null: anybody. */
            language: string | null;
            /** @description When anybody last wrote. */
            last_at: components["schemas"]["Time"];
            /** @description When the patron last wrote. */
            last_patron_at: components["schemas"]["Time"];
            /** @description Conversations that belong with this one. */
            linked: components["schemas"]["Linked"][];
            /** @description Its patron waits at their screen while they wait. */
            live: boolean;
            /** @description Conversations that are part of this one since, in their order. */
            merged: components["schemas"]["Merged"][];
            /**
             * Format: uuid
             * @description The conversation that it became part of; it is in no list then.
             */
            merged_into: string | null;
            /** @description What was said, oldest first. */
            messages: components["schemas"]["Message"][];
            /**
             * Format: int64
             * @description Shown as `Q-20418`.
             */
            number: number;
            /** @description The desks besides its own at which it is offered. */
            offered: string[];
            /** @description What was decided when it was last put down; null while nobody has, or since it was opened again. */
            outcome: ("answered" | "follow_up" | "home_library" | "patron_lost" | "practice") | null;
            /**
             * Format: uuid
             * @description Who sees this patron through.
             */
            owner_id: string | null;
            /** @description Who asks. */
            patron: components["schemas"]["Patron"];
            /** @description The last patron line. */
            preview: string;
            /** @description Answers that wait to be looked through, the oldest first. */
            reviews: components["schemas"]["Review"][];
            /**
             * Format: int64
             * @description The newest event that is included here: send it along with a reply.
             */
            seen: number;
            /**
             * Format: int64
             * @description The last event's number.
             */
            seq: number;
            /** @description Only whoever has this skill is given it as the next; null: anybody. */
            skill: string | null;
            snoozed_until: components["schemas"]["Time"] | null;
            /**
             * @description Where it stands.
             * @enum {string}
             */
            state: "open" | "waiting" | "snoozed" | "done" | "spam";
            /** @description Subject, or the first line where the platform has none. */
            subject: string;
            /** @description Its tags, in the order in which they were put on. */
            tags: string[];
            /** @description Why the patron has no answer although one was written. */
            trouble: string | null;
            /** @description It comes before what is not late. */
            urgent: boolean;
            /**
             * @description Who can read it on the platform.
             * @enum {string}
             */
            visibility: "private" | "public";
            waiting_since: components["schemas"]["Time"] | null;
            /** @description Whether the caller watches it. */
            watching: boolean;
            /** @description Where an answer can go; the first is the usual one. */
            ways: components["schemas"]["Way"][];
        };
        /** @description The library's word on answering in a colleague's conversation. */
        Deciding: {
            /**
             * @description `ask`, `allow` or `block`.
             * @enum {string}
             */
            policy: "ask" | "allow" | "block";
        };
        /** @description How far an answer is on its way. */
        Delivery: {
            release_at: components["schemas"]["Time"] | null;
            /** @enum {string} */
            state: "held" | "queued" | "sending" | "sent" | "delivered" | "read" | "failed" | "unknown" | "withdrawn";
            /** @description Why it has not arrived, in words. */
            why: string | null;
            /** @description "Sent". */
            word: string;
        };
        /** @description What is known about a patron. */
        Described: {
            /**
             * Format: uuid
             * @description The one of their addresses at which they asked to be answered. Answers may go anywhere else all the same.
             */
            answer_by?: string | null;
            /** @description When, in their words. */
            answer_hours?: string | null;
            /** @description What they like to be called. */
            goes_by?: string | null;
            /** @description What everybody here calls them. */
            name: string;
            /** @description "she/her". */
            pronouns?: string | null;
        };
        /** @description People who answer together. */
        Desk: {
            /**
             * Format: uuid
             * @description The branch it is at.
             */
            branch_id: string;
            /** @description "Central". */
            branch_name: string;
            /**
             * Format: uuid
             * @description Its id.
             */
            id: string;
            /** @description The library whose it is, where several answer together; null: the house's own. */
            library: string | null;
            /** @description "Reference". */
            name: string;
            /**
             * Format: int64
             * @description Answers within so many milliseconds.
             */
            promise_ms: number;
        };
        /** @description Days that differ from the week. */
        Differing: {
            /** @description `2026-12-24`. */
            first: string;
            /** @description "09:00-12:00"; empty where the desk is closed. */
            intervals: string;
            /** @description The last of them. */
            last: string;
            /** @description "Christmas". */
            name: string;
        };
        /** @description As far as it is written. */
        Draft: {
            /**
             * Format: int64
             * @description Where its writer was in it, in UTF-16 units.
             */
            caret: number;
            /** @description When it was last changed. */
            changed_at: components["schemas"]["Time"];
            text: string;
        };
        /** @description What somebody is writing somewhere. */
        DraftPlace: {
            /** Format: uuid */
            conversation_id: string;
            /**
             * @description `reply` or `note`.
             * @enum {string}
             */
            kind: "reply" | "note";
        };
        /** @description What I am writing in a conversation. */
        Drafts: {
            /** @description The files that wait for the answer. */
            files: components["schemas"]["Upload"][];
            note: components["schemas"]["Draft"] | null;
            reply: components["schemas"]["Draft"] | null;
        };
        /** @description One line of the history. */
        Event: {
            actor: components["schemas"]["Actor"];
            at: components["schemas"]["Time"];
            /** Format: uuid */
            conversation_id: string;
            /** @enum {string} */
            kind: "opened" | "message" | "reply" | "echo" | "away" | "note" | "claimed" | "released" | "taken_over" | "returned" | "handed_off" | "handoff_accepted" | "handoff_refused" | "handoff_lapsed" | "handoff_withdrawn" | "closed" | "outcome_changed" | "follow_up" | "sent_home" | "follow_up_ended" | "reopened" | "snoozed" | "woken" | "spam" | "not_spam" | "review_asked" | "review_approved" | "review_returned" | "review_taken_back" | "blocked" | "unblocked" | "let_in" | "tagged" | "untagged" | "urgent" | "not_urgent" | "kept_for" | "offered" | "not_offered" | "passed" | "unanswered" | "needs" | "routed" | "rule_failed" | "due" | "sent" | "delivered" | "failed" | "unknown" | "withdrawn" | "linked" | "merged" | "joined" | "split" | "split_off" | "merge_undone" | "file" | "opted_out" | "opted_in" | "named" | "renamed" | "patron_noted" | "union" | "union_undone";
            /**
             * Format: uuid
             * @description The message it speaks of.
             */
            message_id: string | null;
            /**
             * Format: int64
             * @description Its number: the same everywhere, growing, without gaps.
             */
            seq: number;
            /** @description "Ana claimed this after 22 seconds". */
            words: string;
        };
        /** @description One setting. */
        Field: {
            /** @description With `choice`: the answers. */
            choices: components["schemas"]["Choice"][];
            /** @description Used when not given. */
            default: string | null;
            /** @description Whether it is among the first things asked; others suit most libraries as they are. */
            first: boolean;
            /** @description Below it. */
            help: string;
            /** @description `text`, `secret`, `number`, `flag`, `host`, `choice` or `list`. */
            kind: string;
            /** @description Above the field. */
            label: string;
            /** @description The stable word. */
            name: string;
            /** @description Chosen after the sign-in and not asked for before. */
            picked: boolean;
            /** @description Must be given. */
            required: boolean;
            when: components["schemas"]["When"] | null;
        };
        /** @description A kind of file that is taken. */
        FileKind: {
            /** @description `image/png`, `image/*` or `*\/*`. */
            content_type: string;
            /** Format: int64 */
            max_bytes: number;
        };
        /** @description A conversation that a rule would fit. */
        Fitting: {
            /** @description What they would do, one sentence each. */
            acts: string[];
            /** @description When it was sent. */
            at: components["schemas"]["Time"];
            /** Format: uuid */
            id: string;
            /** @description What people call it. */
            number: string;
            /** @description Who asked. */
            patron: string;
            /** @description The names of the rules that would fit. */
            rules: string[];
            /** @description What it is called. */
            subject: string;
        };
        /** @description Conversations, and how what was looked for was understood. */
        Found: {
            /** @description In the view's order. A search looks through so much at a time: there may be few here, or none, and yet more to come. */
            items: components["schemas"]["Row"][];
            /** @description Send back as `cursor` for what follows; null at the end. */
            next: string | null;
            search: components["schemas"]["Search"] | null;
        };
        /** @description A hand-off that a person has not answered yet. */
        Handoff: {
            /** @description When it was handed on. */
            at: components["schemas"]["Time"];
            /**
             * Format: uuid
             * @description What is handed on.
             */
            conversation_id: string;
            falls_back_at: components["schemas"]["Time"] | null;
            /**
             * Format: uuid
             * @description Who hands it on.
             */
            from_staff_id: string;
            /** Format: uuid */
            id: string;
            /**
             * @description Why.
             * @enum {string}
             */
            reason: "needs_a_specialist" | "needs_account_access" | "another_branch" | "my_shift_ends" | "patron_asked" | "other";
            /** @description "needs a specialist". */
            reason_words: string;
            /** @description What the patron already told us. */
            summary: string;
            /**
             * Format: uuid
             * @description Who is asked.
             */
            to_staff_id: string | null;
        };
        /** @description How long a question is kept for who knows its patron. */
        HeadStart: {
            /**
             * Format: int64
             * @description Seconds of its desk's open time, an hour at most; 0: not at all.
             */
            seconds: number;
        };
        /** @description That we are here. */
        Health: {
            /** @description `ok`: the store answers. `trouble`: it does, and keeps nothing new. */
            status: string;
            /** @description Which version this is. */
            version: string;
            /** @description Why nothing new can be kept, in words; null: it is. */
            why: string | null;
        };
        /** @description One thing that is held. */
        Held: {
            /**
             * Format: uuid
             * @description By which channel it came.
             */
            channel_id: string;
            /** @description Who sent it, where that can be read. */
            from: string | null;
            /** Format: uuid */
            id: string;
            /** @description Why, as a stable word: `automatic`, `bounce`, `unreadable`, `blocked`. */
            reason: string;
            /** @description When. */
            received_at: components["schemas"]["Time"];
            /**
             * Format: int64
             * @description Bytes.
             */
            size: number;
            /** @description What it calls itself, where that can be read. */
            subject: string | null;
            /** @description Why, as a sentence. */
            why: string;
        };
        /** @description When a desk is open. */
        Hours: {
            /** @description Days that differ from the week. */
            days: components["schemas"]["Differing"][];
            /** @description Whether it is open now. */
            open: boolean;
            /** @description "Mon-Fri 09:00-12:00 13:00-17:00", "closed"; null: day and night. */
            week: string | null;
            /** @description The time zone, an IANA name. */
            zone: string;
        };
        /** @description What became of everything that was given: `received` = `messages` + `held` + `duplicates`. */
        Intake: {
            /** @description The same for each channel. */
            channels: components["schemas"]["ChannelIntake"][];
            /**
             * Format: int64
             * @description Known already.
             */
            duplicates: number;
            /**
             * Format: int64
             * @description Held.
             */
            held: number;
            /**
             * Format: int64
             * @description Became messages.
             */
            messages: number;
            /**
             * Format: int64
             * @description Everything.
             */
            received: number;
        };
        /** @description A draft to keep. */
        KeptDraft: {
            /**
             * Format: int64
             * @description Where its writer is in it, in UTF-16 units.
             */
            caret?: number;
            /** @description The files that wait for an answer (`/uploads`), in their order. They stay while the draft is gone on with. */
            files?: string[];
            /**
             * @description `reply` or `note`.
             * @enum {string}
             */
            kind: "reply" | "note";
            /** @description As far as it is written. With no files either: nothing is kept. */
            text: string;
        };
        /** @description One platform. */
        Kind: {
            /** @description One sentence: what connecting it gives. */
            about: string;
            /** @description The address to enter at the platform as the one it may send people back to; null: none has to be entered. */
            callback_url: string | null;
            /** @description What it must be told, in the order of asking. */
            fields: components["schemas"]["Field"][];
            /** @description What is done by hand on the platform. */
            instructions: string[];
            look: components["schemas"]["Look"];
            /** @description The stable word. */
            name: string;
            /** @description What is chosen after the sign-in ("Page"). */
            pick: string | null;
            /** @description Pages of the platform's where an account is signed in; with none that applies, the fields are enough. */
            signin: components["schemas"]["SigninPage"][];
            /** @description As a person would say it. */
            title: string;
        };
        /** @description What became of what was held. */
        LetIn: {
            /** @description So many could not be read again and stay held. */
            kept: number;
            /** @description So many are in conversations now. */
            let_in: number;
        };
        /** @description The library. */
        Library: {
            /**
             * Format: int64
             * @description So long a question is kept for who knows its patron, seconds of open time.
             */
            head_start_seconds: number;
            /** @description As patrons know it. */
            name: string;
            /**
             * @description Answering in a colleague's conversation: `ask` first, `allow`, or `block`.
             * @enum {string}
             */
            reply_policy: "ask" | "allow" | "block";
            /** @description Its time zone, an IANA name. */
            zone: string;
        };
        /** @description Another conversation that belongs with one. */
        Linked: {
            /** Format: uuid */
            id: string;
            /**
             * Format: int64
             * @description Shown as `Q-20418`.
             */
            number: number;
            subject: string;
            /** @description Why, in words. */
            why: string;
        };
        /** @description A list's answer. */
        List_Asked: {
            items: components["schemas"]["Asked"][];
            /** @description Send back as `cursor` for what follows; null at the end. */
            next: string | null;
        };
        /** @description A list's answer. */
        List_Attempt: {
            items: components["schemas"]["Attempt"][];
            /** @description Send back as `cursor` for what follows; null at the end. */
            next: string | null;
        };
        /** @description A list's answer. */
        List_Block: {
            items: components["schemas"]["Block"][];
            /** @description Send back as `cursor` for what follows; null at the end. */
            next: string | null;
        };
        /** @description A list's answer. */
        List_Channel: {
            items: components["schemas"]["Channel"][];
            /** @description Send back as `cursor` for what follows; null at the end. */
            next: string | null;
        };
        /** @description A list's answer. */
        List_Desk: {
            items: components["schemas"]["Desk"][];
            /** @description Send back as `cursor` for what follows; null at the end. */
            next: string | null;
        };
        /** @description A list's answer. */
        List_DraftPlace: {
            items: components["schemas"]["DraftPlace"][];
            /** @description Send back as `cursor` for what follows; null at the end. */
            next: string | null;
        };
        /** @description A list's answer. */
        List_Held: {
            items: components["schemas"]["Held"][];
            /** @description Send back as `cursor` for what follows; null at the end. */
            next: string | null;
        };
        /** @description A list's answer. */
        List_Kind: {
            items: components["schemas"]["Kind"][];
            /** @description Send back as `cursor` for what follows; null at the end. */
            next: string | null;
        };
        /** @description A list's answer. */
        List_Review: {
            items: components["schemas"]["Review"][];
            /** @description Send back as `cursor` for what follows; null at the end. */
            next: string | null;
        };
        /** @description A list's answer. */
        List_RowLite: {
            items: components["schemas"]["RowLite"][];
            /** @description Send back as `cursor` for what follows; null at the end. */
            next: string | null;
        };
        /** @description A list's answer. */
        List_Rule: {
            items: components["schemas"]["Rule"][];
            /** @description Send back as `cursor` for what follows; null at the end. */
            next: string | null;
        };
        /** @description A list's answer. */
        List_SavedSearch: {
            items: components["schemas"]["SavedSearch"][];
            /** @description Send back as `cursor` for what follows; null at the end. */
            next: string | null;
        };
        /** @description A list's answer. */
        List_Session: {
            items: components["schemas"]["Session"][];
            /** @description Send back as `cursor` for what follows; null at the end. */
            next: string | null;
        };
        /** @description A list's answer. */
        List_Staff: {
            items: components["schemas"]["Staff"][];
            /** @description Send back as `cursor` for what follows; null at the end. */
            next: string | null;
        };
        /** @description A list's answer. */
        List_Step: {
            items: components["schemas"]["Step"][];
            /** @description Send back as `cursor` for what follows; null at the end. */
            next: string | null;
        };
        /** @description A list's answer. */
        List_Tag: {
            items: components["schemas"]["Tag"][];
            /** @description Send back as `cursor` for what follows; null at the end. */
            next: string | null;
        };
        /** @description A list's answer. */
        List_Token: {
            items: components["schemas"]["Token"][];
            /** @description Send back as `cursor` for what follows; null at the end. */
            next: string | null;
        };
        /** @description A list's answer. */
        List_Upload: {
            items: components["schemas"]["Upload"][];
            /** @description Send back as `cursor` for what follows; null at the end. */
            next: string | null;
        };
        /** @description A list's answer. */
        List_ViewCount: {
            items: components["schemas"]["ViewCount"][];
            /** @description Send back as `cursor` for what follows; null at the end. */
            next: string | null;
        };
        /** @description A list's answer. */
        List_Webhook: {
            items: components["schemas"]["Webhook"][];
            /** @description Send back as `cursor` for what follows; null at the end. */
            next: string | null;
        };
        /** @description How it looks: never colour alone, always with its word. */
        Look: {
            /** @description Colour on dark. */
            dark: string;
            /** @description Name of a Lucide icon. */
            icon: string;
            /** @description Colour on paper. */
            light: string;
            /** @description What staff call such a channel. */
            word: string;
        };
        /** @description What one does there. */
        Looked: {
            /**
             * Format: int64
             * @description Milliseconds since the caller last changed their answer; left out where they only look.
             */
            wrote_ago_ms?: number | null;
        };
        /** @description Who looked through an answer before it left. */
        LookedThrough: {
            /** @description Other words left than its author's. */
            changed: boolean;
            name: string;
            /** Format: uuid */
            staff_id: string | null;
        };
        /** @description Where to look. */
        Looking: {
            /**
             * Format: uuid
             * @description Only by this channel.
             */
            channel?: string | null;
            /**
             * Format: uuid
             * @description Only at this desk.
             */
            desk?: string | null;
        };
        /** @description Who is signed in, and where. */
        Me: {
            /** @description The library. */
            library: components["schemas"]["Library"];
            /**
             * Format: int64
             * @description The newest event's number: `/live` may start after it.
             */
            seq: number;
            /** @description The person. */
            staff: components["schemas"]["Staff"];
        };
        /** @description What would come of a merge. */
        MergePreview: {
            /** @description Where it would go: what was named, or what that became part of. */
            into: components["schemas"]["Row"];
            /** @description Whose conversations these are, where they are two people's: `two_patrons` must be said then. */
            patrons: string[] | null;
            /** @description "3 messages of Q-20418 join Q-20417". */
            words: string;
        };
        /** @description A conversation that is part of another one since. */
        Merged: {
            /** @description Since when. */
            at: components["schemas"]["Time"];
            /**
             * Format: uuid
             * @description Its id.
             */
            id: string;
            /**
             * Format: int64
             * @description Shown as `Q-20418`.
             */
            number: number;
            /**
             * Format: int64
             * @description The line of the history that says so here.
             */
            seq: number;
            /** @description Until when that can be undone. */
            undo_until: components["schemas"]["Time"];
        };
        /** @description Where it goes. */
        Merging: {
            /**
             * Format: uuid
             * @description The conversation that it becomes part of.
             */
            into: string;
            /** @description That these are two people's conversations is known, and wanted. */
            two_patrons: boolean;
        };
        /** @description One thing said. */
        Message: {
            /** @description When it was said, by the platform's clock. */
            at: components["schemas"]["Time"];
            attachments: components["schemas"]["Attachment"][];
            author: components["schemas"]["Author"];
            /** @description Written by a machine. */
            automatic: boolean;
            /**
             * Format: uuid
             * @description By which channel; null for notes.
             */
            channel_id: string | null;
            /** Format: uuid */
            conversation_id: string;
            delivery: components["schemas"]["Delivery"] | null;
            /**
             * @description `in` from a patron, `out` from us, `inside` between colleagues.
             * @enum {string}
             */
            direction: "in" | "out" | "inside";
            /** @description Whether `reply_text` leaves something out. */
            elided: boolean;
            /** @description Whether `/messages/{id}/frame` shows its markup. */
            html: boolean;
            /** Format: uuid */
            id: string;
            /**
             * @description `message`: said on the platform; `reply`: written here and sent; `note`: never leaves the house.
             * @enum {string}
             */
            kind: "message" | "reply" | "note";
            /** @description Where it can be seen on the platform. */
            link: string | null;
            looked_through: components["schemas"]["LookedThrough"] | null;
            /** @description Whether `/messages/{id}/original` gives it as it came. */
            original: boolean;
            /** @description The text without the quote and the signature at its end. */
            reply_text: string;
            /**
             * Format: int64
             * @description The number of the event that brought it.
             */
            seq: number;
            subject: string | null;
            /** @description The whole text. */
            text: string;
            /** @description The writer's address is new in this conversation, and only a reference vouches for it. */
            unverified: boolean;
            /**
             * @description Who can read it on the platform.
             * @enum {string}
             */
            visibility: "private" | "public";
        };
        /**
         * Format: date-time
         * @description A point in time as somebody writes it to us: RFC 3339, any offset.
         * @example 2026-10-06T09:00:00+02:00
         */
        Moment: string;
        /** @description What followed from other hours. */
        Moved: {
            /** @description Patrons whose answer is due at another moment now. */
            moved: number;
        };
        /** @description What a conversation needs of whoever is given it as the next. */
        Needing: {
            /** @description A language that somebody speaks, as a code of ISO 639 such as `es`; null: any. */
            language: string | null;
            /** @description A skill that somebody has; null: none. */
            skill: string | null;
        };
        /** @description Whom to keep out. */
        NewBlock: {
            /**
             * @description `jo@example.org`, `@example.org` for everybody there and below, `+14065550193`; with `platform` what somebody is called
             *     there.
             */
            address: string;
            /** @description The platform's name, as a channel's `kind` has it. */
            platform?: string | null;
            /** @description Why, for colleagues. */
            reason?: string | null;
            until?: components["schemas"]["Moment"] | null;
        };
        /** @description An account to connect. */
        NewChannel: {
            /**
             * Format: uuid
             * @description Where its conversations land.
             */
            desk_id: string;
            /** @description The connector's name, as `/channels/kinds` lists them. */
            kind: string;
            /** @description As staff will call it. */
            name: string;
            /** @description How often it is read: `30s`, `5m`, or five cron fields; left out: as the platform suggests. */
            schedule?: string | null;
            /** @description What the connector asks for, by field. */
            settings?: {
                [key: string]: string | null;
            };
        };
        /** @description A question handed on. */
        NewHandoff: {
            /**
             * @description Why.
             * @enum {string}
             */
            reason: "needs_a_specialist" | "needs_account_access" | "another_branch" | "my_shift_ends" | "patron_asked" | "other";
            /** @description What the patron already told us, at most 280 characters, so that nobody asks them again. */
            summary: string;
            /**
             * Format: uuid
             * @description To everybody at this desk.
             */
            to_desk_id?: string | null;
            /**
             * Format: uuid
             * @description To this person, who is asked; either this or `to_desk_id`.
             */
            to_staff_id?: string | null;
        };
        /** @description A note for colleagues. */
        NewNote: {
            /** @description Plain text. */
            text: string;
        };
        /** @description An answer to the patron. */
        NewReply: {
            /** @description Send although something new was said. */
            anyway?: boolean;
            /** @description Done with this answer. */
            done?: boolean;
            /** @description Files that were added before (`/uploads`), in their order. With them the text may be empty. */
            files?: string[];
            /** @description Help in what somebody else has, after being asked: it stays theirs. */
            helps?: boolean;
            /**
             * Format: uuid
             * @description Made by the caller, the same when it asks again after a lost answer: the reply is kept once.
             */
            key?: string | null;
            /**
             * Format: int64
             * @description `seen` of the conversation as the writer last saw it.
             */
            seen: number;
            /** @description The subject, where the writer changed it. */
            subject?: string | null;
            /** @description Plain text. */
            text: string;
            /**
             * Format: uuid
             * @description The address to answer to; the first of `ways` when it is left out.
             */
            way?: string | null;
        };
        /** @description An answer to be looked through. */
        NewReview: {
            /** @description Although something new was said. */
            anyway?: boolean;
            /** @description Done with this answer, when it leaves. */
            done?: boolean;
            /** @description Files that were added before (`/uploads`), in their order. */
            files?: string[];
            /** @description Help in what somebody else has, after being asked: it stays theirs. */
            helps?: boolean;
            /**
             * Format: uuid
             * @description Made by the caller, the same when it asks again after a lost answer: it is kept once.
             */
            key?: string | null;
            /**
             * Format: uuid
             * @description Who is asked by name; null: anybody.
             */
            reviewer?: string | null;
            /**
             * Format: int64
             * @description `seen` of the conversation as the writer last saw it.
             */
            seen: number;
            /** @description The subject, where the writer changed it. */
            subject?: string | null;
            /** @description Plain text. */
            text: string;
            /**
             * Format: uuid
             * @description The address to answer to; the first of `ways` when it is left out.
             */
            way?: string | null;
        };
        /** @description A rule as people write it. */
        NewRule: {
            /** @description Whether it is asked; left out: it is. */
            active?: boolean;
            /** @description What is done, in this order, one thing at least. */
            acts: components["schemas"]["Act"][];
            /** @description What is looked at, one thing at least. */
            conditions: components["schemas"]["Condition"][];
            /**
             * @description How many of the conditions must be met; left out: all of them.
             * @enum {string}
             */
            match?: "all" | "any";
            /** @description What people call it; the history names it so. */
            name: string;
        };
        /** @description What somebody wants kept. */
        NewSavedSearch: {
            /**
             * Format: uuid
             * @description The desk at which everybody is to have it; null: for oneself.
             */
            desk_id?: string | null;
            /** @description What it is to be called. */
            name: string;
            /** @description What is looked for, as it is typed. */
            query: string;
        };
        /** @description What goes: either of the two. */
        NewSplit: {
            /**
             * Format: uuid
             * @description This message, and everything of its thread that came after it.
             */
            from?: string | null;
            /** @description These messages, at least one of them a patron's. Staff notes among them go along. */
            messages?: string[] | null;
        };
        /** @description A new tag. */
        NewTag: {
            /** @description At most 40 characters. */
            name: string;
        };
        /** @description An address to register. */
        NewWebhook: {
            /** @description The kinds of events wanted; left out or empty: all of them. */
            events?: ("opened" | "message" | "reply" | "echo" | "away" | "note" | "claimed" | "released" | "taken_over" | "returned" | "handed_off" | "handoff_accepted" | "handoff_refused" | "handoff_lapsed" | "handoff_withdrawn" | "closed" | "outcome_changed" | "follow_up" | "sent_home" | "follow_up_ended" | "reopened" | "snoozed" | "woken" | "spam" | "not_spam" | "review_asked" | "review_approved" | "review_returned" | "review_taken_back" | "blocked" | "unblocked" | "let_in" | "tagged" | "untagged" | "urgent" | "not_urgent" | "kept_for" | "offered" | "not_offered" | "passed" | "unanswered" | "needs" | "routed" | "rule_failed" | "due" | "sent" | "delivered" | "failed" | "unknown" | "withdrawn" | "linked" | "merged" | "joined" | "split" | "split_off" | "merge_undone" | "file" | "opted_out" | "opted_in" | "named" | "renamed" | "patron_noted" | "union" | "union_undone")[];
            /** @description Where to call: `https://…`. */
            url: string;
            /** @description Whether the calls also tell what patrons and staff wrote to each other. Notes are never told. */
            with_text?: boolean;
        };
        /** @description What a writer has not seen. */
        Newer: {
            /** @description What was done, oldest first. */
            events: components["schemas"]["Event"][];
            /** @description What was said, oldest first. */
            messages: components["schemas"]["Message"][];
        };
        /** @description What there was. */
        NextClaim: {
            conversation: components["schemas"]["Row"] | null;
            /** @description The same in words. */
            words: string;
        };
        /** @description What it says. */
        NotedText: {
            /** @description Plain text, at most 2,000 characters. */
            text: string;
        };
        /** @description Who has a conversation. */
        Owner: {
            /**
             * Format: uuid
             * @description Their id.
             */
            id: string;
            /** @description Their name. */
            name: string;
        };
        /** @description Why something is passed on. */
        Passing: {
            /** @description At most 280 characters. */
            reason: string;
        };
        /** @description Who asks. */
        Patron: {
            /** @description How they can be reached. */
            addresses: components["schemas"]["Address"][];
            answer_by: components["schemas"]["AnswerBy"] | null;
            /** @description Their other conversations, newest first, five at most. */
            earlier: components["schemas"]["RowLite"][];
            /** @description What they like to be called. */
            goes_by: string | null;
            /** Format: uuid */
            id: string;
            name: string;
            /** @description What colleagues know about them, oldest first. Never sent. */
            notes: components["schemas"]["PatronNote"][];
            /**
             * Format: uuid
             * @description The patron that this one turned out to be.
             */
            one_with: string | null;
            /** @description "she/her". */
            pronouns: string | null;
            /** @description Patrons who have an address of this one's on another platform, for which both platforms vouch. */
            suggested: components["schemas"]["Stranger"][];
            /** @description Patrons who turned out to be this one. */
            unions: components["schemas"]["Union"][];
            usual_helper: components["schemas"]["UsualHelper"] | null;
        };
        /** @description Who asks, in a list. */
        PatronName: {
            /**
             * Format: uuid
             * @description Their id.
             */
            id: string;
            /** @description As they call themselves. */
            name: string;
        };
        /** @description A note about a patron. */
        PatronNote: {
            /** @description When. */
            at: components["schemas"]["Time"];
            changed_at: components["schemas"]["Time"] | null;
            /** Format: uuid */
            id: string;
            /**
             * Format: uuid
             * @description Who wrote it; only they change it.
             */
            staff_id: string;
            /** @description Plain text. */
            text: string;
        };
        /** @description Who is there. */
        Presence: {
            /**
             * Format: int64
             * @description Ask again after so many milliseconds.
             */
            again_in_ms: number;
            /** @description Those who are not away. */
            people: components["schemas"]["There"][];
            /** @description Who is at which conversation. */
            viewing: components["schemas"]["Viewing"][];
        };
        /** @description What it would become. */
        Preview: {
            limit: components["schemas"]["TextLimit"] | null;
            /** @description What its writer may want to know, in sentences: which character makes it dearer, what a link costs. */
            notes: string[];
            /** @description As how many messages it would leave; 0 when it is refused. */
            parts: number;
            /** @description Why sending it would be refused, in words; null: it would not. */
            refused: string | null;
            /**
             * Format: int32
             * @description How much of the limit it takes, in the limit's unit; null: nobody can say.
             */
            used: number | null;
        };
        /** @description What went wrong, for a program (`type`) and for a person (`detail`). */
        Problem: {
            /** @description The sentence to show: what happened, what was kept, what to do. */
            detail: string;
            /** @description With `settings`: which settings of a channel cannot be used. */
            fields?: components["schemas"]["WrongField"][] | null;
            /**
             * Format: uuid
             * @description With `merged`: the conversation in which everything goes on.
             */
            into?: string | null;
            newer?: components["schemas"]["Newer"] | null;
            owner?: components["schemas"]["Owner"] | null;
            /** @description With `two-patrons`: whose conversations these are. */
            patrons?: string[] | null;
            /**
             * Format: int64
             * @description With `too-many-tries`: seconds until the next try counts.
             */
            retry_after_s?: number | null;
            /** @description With `scope`: the one that the token lacks. */
            scope?: ("read" | "answer" | "manage") | null;
            /**
             * Format: int64
             * @description With `newer`: the number to send along next time.
             */
            seen?: number | null;
            since?: components["schemas"]["Time"] | null;
            /**
             * Format: int32
             * @description As in the status line.
             */
            status: number;
            /** @description The same for every problem of this type. */
            title: string;
            /** @description Stable; `/problems/claimed`. */
            type: string;
        };
        /** @description Word of what became of an answer: `native`, `degraded` or `unsupported`. */
        Receipts: {
            /** @description That it arrived. */
            delivered: string;
            /** @description That it was read. */
            read: string;
        };
        /** @description Why not now. */
        Refusing: {
            /** @description For who handed it on, at most 280 characters. */
            why: string;
        };
        /** @description An address that was just registered. */
        Registered: {
            /** @description What its calls are signed with. It is shown this once. */
            secret: string;
            /** @description The address. */
            webhook: components["schemas"]["Webhook"];
        };
        /** @description Where what was held is now. */
        Released: {
            /**
             * Format: uuid
             * @description The conversation it joined or began.
             */
            conversation_id: string;
        };
        /** @description Why it goes back. */
        Returning: {
            /** @description What its author should look at. */
            word: string;
        };
        /** @description An answer that waits to be looked through. */
        Review: {
            asked_at: components["schemas"]["Time"];
            /**
             * Format: uuid
             * @description Who wrote it.
             */
            author_id: string;
            /** @description The same in words. */
            author_name: string;
            /** Format: uuid */
            conversation_id: string;
            /** @description The conversation is done with it. */
            done: boolean;
            /** @description The files that wait with it. */
            files: components["schemas"]["Upload"][];
            /** Format: uuid */
            id: string;
            /**
             * Format: uuid
             * @description Whom they asked by name; null: anybody.
             */
            reviewer_id: string | null;
            /**
             * Format: int64
             * @description Its number in the history when it was written: what is newer its author has not seen.
             */
            seen: number;
            /**
             * @description `open`, `approved`, `returned` or `taken_back`.
             * @enum {string}
             */
            state: "open" | "approved" | "returned" | "taken_back";
            subject: string | null;
            text: string;
            /** @description With which word it was returned. */
            word: string | null;
        };
        /** @description Whether somebody's answers are looked through. */
        Reviewing: {
            /** @description Nothing of theirs leaves before somebody else has approved it. */
            reviewed: boolean;
        };
        /** @description A conversation, as lists show it. */
        Row: {
            /**
             * Format: uuid
             * @description The channel it came by.
             */
            channel_id: string;
            /** @description When it began. */
            created_at: components["schemas"]["Time"];
            /**
             * Format: uuid
             * @description The desk it is at.
             */
            desk_id: string;
            due_at: components["schemas"]["Time"] | null;
            follow_up_at: components["schemas"]["Time"] | null;
            /** @description Whether any message brought files. */
            has_attachments: boolean;
            /**
             * Format: uuid
             * @description Its id.
             */
            id: string;
            /**
             * Format: uuid
             * @description Only this person is given it as the next, until `kept_until`.
             */
            kept_for: string | null;
            kept_until: components["schemas"]["Time"] | null;
            /** @description Only whoever speaks this is given it as the next; null: anybody. */
            language: string | null;
            /** @description When anybody last wrote. */
            last_at: components["schemas"]["Time"];
            /** @description When the patron last wrote. */
            last_patron_at: components["schemas"]["Time"];
            /** @description Its patron waits at their screen while they wait. */
            live: boolean;
            /**
             * Format: uuid
             * @description The conversation that it became part of; it is in no list then.
             */
            merged_into: string | null;
            /**
             * Format: int64
             * @description Shown as `Q-20418`.
             */
            number: number;
            /** @description The desks besides its own at which it is offered. */
            offered: string[];
            /** @description What was decided when it was last put down; null while nobody has, or since it was opened again. */
            outcome: ("answered" | "follow_up" | "home_library" | "patron_lost" | "practice") | null;
            /**
             * Format: uuid
             * @description Who sees this patron through.
             */
            owner_id: string | null;
            /** @description Who asks. */
            patron: components["schemas"]["PatronName"];
            /** @description The last patron line. */
            preview: string;
            /**
             * Format: int64
             * @description The last event's number.
             */
            seq: number;
            /** @description Only whoever has this skill is given it as the next; null: anybody. */
            skill: string | null;
            snoozed_until: components["schemas"]["Time"] | null;
            /**
             * @description Where it stands.
             * @enum {string}
             */
            state: "open" | "waiting" | "snoozed" | "done" | "spam";
            /** @description Subject, or the first line where the platform has none. */
            subject: string;
            /** @description Its tags, in the order in which they were put on. */
            tags: string[];
            /** @description Why the patron has no answer although one was written. */
            trouble: string | null;
            /** @description It comes before what is not late. */
            urgent: boolean;
            /**
             * @description Who can read it on the platform.
             * @enum {string}
             */
            visibility: "private" | "public";
            waiting_since: components["schemas"]["Time"] | null;
        };
        /** @description An earlier conversation of the same patron. */
        RowLite: {
            /**
             * Format: uuid
             * @description The channel it came by.
             */
            channel_id: string;
            /**
             * Format: uuid
             * @description Its id.
             */
            id: string;
            /** @description When anybody last wrote. */
            last_at: components["schemas"]["Time"];
            /**
             * Format: int64
             * @description Shown as `Q-20418`.
             */
            number: number;
            /**
             * @description Where it stands.
             * @enum {string}
             */
            state: "open" | "waiting" | "snoozed" | "done" | "spam";
            /** @description Its subject. */
            subject: string;
        };
        /** @description A rule. */
        Rule: {
            /** @description Whether it is asked. */
            active: boolean;
            /** @description What is done, in this order; desks and tags by their ids. */
            acts: components["schemas"]["Act"][];
            changed_at: components["schemas"]["Time"];
            /** @description What is looked at; channels and desks by their ids. */
            conditions: components["schemas"]["Condition"][];
            created_at: components["schemas"]["Time"];
            /** Format: uuid */
            id: string;
            /**
             * @description How many of the conditions must be met.
             * @enum {string}
             */
            match: "all" | "any";
            /** @description What people call it; the history names it so. */
            name: string;
            /**
             * Format: int64
             * @description Send it back to change or remove the rule.
             */
            version: number;
            /** @description The same as a sentence, with names. */
            words: string;
        };
        /** @description In which order rules are asked. */
        RuleOrder: {
            /** @description Each rule's id, the first to be asked first. */
            ids: string[];
        };
        /** @description What is to be tried: a rule that is there, one that is not kept yet, or, with neither, all rules as they are asked. */
        RuleTrial: {
            /**
             * Format: int32
             * @description How far back, 1 to 400; 30 when it is left out.
             */
            days?: number | null;
            /**
             * Format: uuid
             * @description A rule that is there, alone, on or off.
             */
            id?: string | null;
            rule?: components["schemas"]["NewRule"] | null;
        };
        /** @description A search under a name: its `query` is what `text` of the list of conversations takes. */
        SavedSearch: {
            /** @description Whether the caller may call it otherwise and take it away. */
            changeable: boolean;
            changed_at: components["schemas"]["Time"];
            created_at: components["schemas"]["Time"];
            /**
             * Format: uuid
             * @description The desk at which everybody has it; null: it is the caller's own.
             */
            desk_id: string | null;
            /** Format: uuid */
            id: string;
            /** @description What they call it. */
            name: string;
            /** @description What is looked for, as it is typed. */
            query: string;
            /**
             * Format: uuid
             * @description Whose it is.
             */
            staff_id: string;
            /**
             * Format: int64
             * @description Send it back to change or remove it.
             */
            version: number;
        };
        /** @description How one is there. */
        Saying: {
            /**
             * @description `at_desk`, `helping` or `away`.
             * @enum {string}
             */
            presence: "at_desk" | "helping" | "away";
        };
        /** @description How a text was understood. */
        Search: {
            complete_since: components["schemas"]["Time"] | null;
            /** @description Each condition; all of them hold for what was found. */
            conditions: components["schemas"]["Condition"][];
            /** @description What may have been meant in another way, a sentence each. */
            hints: string[];
            /** @description In words: "from amara, late, not “hold”". */
            read: string;
        };
        /** @description One browser that is signed in. */
        Session: {
            /** @description Where from. */
            address: string;
            /** @description When it signed in. */
            created_at: components["schemas"]["Time"];
            /** @description Whether it is the one that asks. */
            current: boolean;
            /**
             * Format: uuid
             * @description Its id.
             */
            id: string;
            /** @description When it was last used, to the minute. */
            last_seen_at: components["schemas"]["Time"];
            /** @description What the browser calls itself. */
            user_agent: string;
        };
        /** @description What is to be different about a channel that is signed in again. */
        SignAgain: {
            /** @description Settings by field; what is left out stays. */
            settings?: {
                [key: string]: string | null;
            };
        };
        /** @description By password or by a one-time link. */
        SignIn: components["schemas"]["ByPassword"] | components["schemas"]["ByLink"];
        /** @description A sign-in that has begun. */
        SigninBegun: {
            /** Format: uuid */
            id: string;
            /** @description The platform's page: send the browser there. It counts for ten minutes, once, in this session. */
            url: string;
        };
        /** @description An account that a sign-in opened. */
        SigninChoice: {
            /** @description The platform's id for it. */
            id: string;
            /** @description As a person knows it. */
            name: string;
        };
        /** @description A page of the platform's where the account is signed in. */
        SigninPage: {
            /** @description On the button. */
            label: string;
            when: components["schemas"]["When"] | null;
        };
        /** @description How far a sign-in has come. */
        SigninProgress: {
            /**
             * Format: uuid
             * @description The channel that was signed in again, or that came of it.
             */
            channel_id: string | null;
            /** @description The accounts to choose from. */
            choices: components["schemas"]["SigninChoice"][];
            /** Format: uuid */
            id: string;
            /**
             * @description Away on the platform's page, back and being opened, choosing an account, connected, or failed.
             * @enum {string}
             */
            stage: "away" | "back" | "choosing" | "connected" | "failed";
            /** @description What is chosen ("Page"), while there is a choice. */
            what: string | null;
            /** @description Why it came to nothing, in words. */
            why: string | null;
        };
        /** @description Until when. */
        Snoozing: {
            /** @description When it comes back. */
            until: components["schemas"]["Moment"];
        };
        /** @description One of us. */
        Staff: {
            /** @description What they can. */
            abilities: components["schemas"]["Abilities"];
            /** @description Where they sign in. */
            email: string;
            /**
             * Format: uuid
             * @description Their id.
             */
            id: string;
            /** @description For an avatar. */
            initials: string;
            /** @description Their full name, for colleagues. */
            name: string;
            /** @description The name patrons see. */
            public_name: string;
            /** @description Their answers are looked through before they leave. */
            reviewed: boolean;
            /**
             * @description What they may do; each includes the ones before: `viewer`, `staff`, `lead`, `manager`, `admin`.
             * @enum {string}
             */
            role: "viewer" | "staff" | "lead" | "manager" | "admin";
        };
        /** @description One step of a desk's cascade. */
        Step: {
            /**
             * Format: uuid
             * @description The desk at which a question is offered besides; null: nobody else is asked, and it waits for everybody, urgent. That
             *     comes last.
             */
            desk_id: string | null;
            /**
             * Format: int64
             * @description After so many seconds of open time of the desk that had it before, where its patron waits at their screen. A desk that
             *     is closed is not waited for.
             */
            live_seconds: number;
            /**
             * Format: int64
             * @description After so many elsewhere.
             */
            seconds: number;
        };
        /** @description Another patron. */
        Stranger: {
            /** Format: uuid */
            id: string;
            name: string;
        };
        /** @description One place of a channel that is read. */
        Stream: {
            /**
             * Format: int64
             * @description How many are still to be read.
             */
            backlog: number | null;
            /**
             * Format: int64
             * @description How many reads in a row have failed.
             */
            failures: number;
            /** @description The connector's name for it. */
            id: string;
            /**
             * Format: int64
             * @description How old our knowledge of it is: since the last read that succeeded; null: it was never read.
             */
            lag_ms: number | null;
            /** @description Why the last read failed, in words and without the channel's secrets. */
            last_error: string | null;
            last_message_at: components["schemas"]["Time"] | null;
            last_success_at: components["schemas"]["Time"] | null;
            /** @description As staff call it. */
            name: string;
            next_read_at: components["schemas"]["Time"] | null;
            /** @description What was decided while it was read that a person should know, such as "40 older mails stay unread". */
            note: string | null;
            noted_at: components["schemas"]["Time"] | null;
            /** @description `reading`, `failing` or `new`. */
            state: string;
        };
        /** @description One of the house's list. */
        Tag: {
            /** Format: uuid */
            id: string;
            /** @description Whether it is on the list; one that is not stays where it was put before. */
            listed: boolean;
            /** @description As people write it. */
            name: string;
        };
        /** @description A text's greatest length. */
        TextLimit: {
            /**
             * Format: int32
             * @description Null: no limit worth naming.
             */
            max: number | null;
            /** @description What is counted: `characters`, `weighted`, `segments` or `bytes`. */
            unit: string;
        };
        /** @description Somebody who is not away. */
        There: {
            /**
             * @description What they said last: `at_desk` or `helping`.
             * @enum {string}
             */
            presence: "at_desk" | "helping" | "away";
            /** Format: uuid */
            staff_id: string;
        };
        /**
         * Format: date-time
         * @description A point in time.
         * @example 2026-10-06T09:02:11.120Z
         */
        Time: string;
        /** @description A program that may act for somebody. Its secret was shown when it was made. */
        Token: {
            /** @description When it was made. */
            created_at: components["schemas"]["Time"];
            expires_at: components["schemas"]["Time"] | null;
            /**
             * Format: uuid
             * @description Its id.
             */
            id: string;
            last_used_at: components["schemas"]["Time"] | null;
            /** @description What it is for. */
            name: string;
            revoked_at: components["schemas"]["Time"] | null;
            /** @description What it may do of what its person may. */
            scopes: ("read" | "answer" | "manage")[];
            /**
             * Format: uuid
             * @description For whom it acts.
             */
            staff_id: string;
        };
        /** @description What rules would have done. */
        Tried: {
            /**
             * Format: int64
             * @description Those that a rule would fit.
             */
            fitting: number;
            /** @description The newest of those, at most 20. */
            latest: components["schemas"]["Fitting"][];
            /**
             * Format: int64
             * @description Conversations that were looked at.
             */
            looked_at: number;
            /** @description Whether a condition on recipients was left out: they are not kept. */
            recipients_unknown: boolean;
        };
        /** @description A patron who turned out to be another one. */
        Union: {
            /** @description Since when. */
            at: components["schemas"]["Time"];
            /** @description How it was checked, in the words of who did. */
            checked: string;
            /** @description What they were called. */
            name: string;
            /**
             * Format: uuid
             * @description Who went.
             */
            patron_id: string;
            /** @description Both had an address for which both platforms vouched. */
            same_address: boolean;
            /**
             * Format: uuid
             * @description Who said so.
             */
            staff_id: string;
            /** @description Until when that can be undone. */
            undo_until: components["schemas"]["Time"];
        };
        /** @description What would come of two patrons being one person. */
        UnionPreview: {
            /** @description How many conversations would go along. */
            conversations: number;
            /** @description Who would go. */
            goes: components["schemas"]["Stranger"];
            /** @description Both have an address for which both platforms vouch; else `checked` must say how it is known. */
            same_address: boolean;
            /** @description Who would stay. */
            stays: components["schemas"]["Stranger"];
        };
        /** @description That these are one person. */
        Uniting: {
            /** @description How one of us knows, such as "card number seen". Needed unless both have the same address, vouched for. */
            checked?: string | null;
            /**
             * Format: uuid
             * @description The other patron.
             */
            with: string;
        };
        /** @description A file that waits for its answer. */
        Upload: {
            /** @description By what it holds. */
            content_type: string;
            /** @description As the recipient will see it. */
            filename: string;
            /**
             * Format: uuid
             * @description Goes into `files` of a reply.
             */
            id: string;
            /**
             * Format: int64
             * @description Bytes.
             */
            size: number;
        };
        /** @description Whoever answered a patron most often. */
        UsualHelper: {
            /** @description Of so many. */
            of: number;
            /** Format: uuid */
            staff_id: string;
            /** @description So many times. */
            times: number;
        };
        /** @description How many conversations a view holds. */
        ViewCount: {
            /**
             * Format: int64
             * @description How many.
             */
            count: number;
            /**
             * @description The view.
             * @enum {string}
             */
            view: "unclaimed" | "mine" | "watching" | "waiting" | "snoozed" | "done" | "spam" | "all";
        };
        /** @description Somebody at a conversation. */
        Viewing: {
            /** Format: uuid */
            conversation_id: string;
            /**
             * Format: int64
             * @description How much longer this counts unless they say it again.
             */
            left_ms: number;
            /**
             * Format: int64
             * @description How much longer they count as replying; 0: they only look.
             */
            replying_left_ms: number;
            /** Format: uuid */
            staff_id: string;
        };
        /** @description Two numbers out of many; none where too many still wait to tell. */
        WaitsLengths: {
            /**
             * Format: int64
             * @description Half were answered within so many milliseconds.
             */
            median_ms: number | null;
            /**
             * Format: int64
             * @description Nine in ten were.
             */
            p90_ms: number | null;
        };
        /** @description One row of it. */
        WaitsLine: {
            /** @description Answered by a person. */
            answered: number;
            /** @description Waits that began and were or must be answered: `answered` + `waiting_now`. */
            count: number;
            /**
             * Format: uuid
             * @description Of the channel, desk or person.
             */
            id: string | null;
            /** @description Its name. */
            name: string;
            /** @description Done without an answer; not in `count`. */
            no_answer_needed: number;
            /** @description In open hours of the desk. */
            open_hours: components["schemas"]["WaitsLengths"];
            /** @description Not answered yet. */
            waiting_now: number;
            /** @description By the clock on the wall. */
            wall: components["schemas"]["WaitsLengths"];
        };
        /** @description The answer. */
        WaitsReport: {
            /** @description All waits of the period. */
            all: components["schemas"]["WaitsLine"];
            /** @description What the numbers mean, in words. */
            definition: string;
            /** @description The first day. */
            from: string;
            /** @description The same by channel, desk or person, in the order of their names. */
            lines: components["schemas"]["WaitsLine"][];
            /** @description The last day. */
            to: string;
        };
        /** @description Whether the caller watches it. */
        Watching: {
            /** @description From now on. */
            watching: boolean;
        };
        /** @description Where an answer can go. */
        Way: {
            /**
             * Format: uuid
             * @description By which channel.
             */
            channel_id: string;
            /**
             * Format: uuid
             * @description The address's id: `way` of a reply.
             */
            id: string;
            /** @description "E-mail to a.osei@example.org". */
            label: string;
            /** @description Whether it can go there now. */
            open: boolean;
            /** @description Why not, in words. */
            why: string | null;
        };
        /** @description An address that is called. */
        Webhook: {
            /** @description When it was registered. */
            created_at: components["schemas"]["Time"];
            /** @description The kinds of events wanted; empty: all of them. */
            events: string[];
            failing_since: components["schemas"]["Time"] | null;
            /**
             * Format: uuid
             * @description Its id.
             */
            id: string;
            last_success_at: components["schemas"]["Time"] | null;
            off_since: components["schemas"]["Time"] | null;
            /** @description Why, in words. */
            off_why: string | null;
            /**
             * Format: int64
             * @description The last event that it was told, or did not want.
             */
            seq: number;
            /** @description Where it is called. */
            url: string;
            /** @description Whether the calls also tell what was written. */
            with_text: boolean;
        };
        /** @description Another setting, and the values it may have. */
        When: {
            /** @description Its name. */
            field: string;
            /** @description Any of these. */
            values: string[];
        };
        /** @description Until when an answer may go. */
        Window: {
            /** Format: int64 */
            closes_after_ms: number;
            /** @description Only for what a person wrote. */
            human_only: boolean;
            /** @description The mark a message inside this window carries on the platform. */
            tag: string | null;
        };
        /** @description An answer that was taken back. */
        Withdrawn: {
            /** @description Its files, as they were before. */
            files: components["schemas"]["Upload"][];
            /** @description Its text, for the composer. */
            text: string;
        };
        /** @description An answer that is being written. */
        Writing: {
            /** @description Files that were added before (`/uploads`). */
            files?: string[];
            /** @description The subject, where the writer changed it. */
            subject?: string | null;
            /** @description Plain text. */
            text: string;
            /**
             * Format: uuid
             * @description The address to answer to; the first of `ways` when it is left out.
             */
            way?: string | null;
        };
        /** @description One setting that cannot be used. */
        WrongField: {
            /** @description The manifest's name for it. */
            field: string;
            /** @description The sentence to show beside it. */
            why: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    readAttachment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The file */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its bytes */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listBlocks: {
        parameters: {
            query?: {
                /** @description At most so many, 1 to 200; 50 when it is left out. */
                limit?: number;
                /** @description `next` of the answer before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The latest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["List_Block"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    block: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewBlock"];
            };
        };
        responses: {
            /** @description They are kept out */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Block"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    unblock: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The block */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description They are not kept out by this any more */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Block"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    releaseBlocked: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The block */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What became of it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LetIn"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listChannels: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Oldest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["List_Channel"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    connectChannel: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewChannel"];
            };
        };
        responses: {
            /** @description It is connected */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Channel"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listKinds: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All that this version knows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["List_Kind"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    removeChannel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The channel */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeChannel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The channel */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangedChannel"];
            };
        };
        responses: {
            /** @description As it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Channel"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    checkChannel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The channel */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was found */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Checks"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    pauseChannel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The channel */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Channel"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resumeChannel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The channel */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Channel"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readChannelSettings: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The channel */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Everything but its secrets */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChannelSettings"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    signChannelIn: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The channel */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignAgain"];
            };
        };
        responses: {
            /** @description Where to go */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SigninBegun"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    claimNext: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Looking"];
            };
        };
        responses: {
            /** @description What there was */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NextClaim"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listConversations: {
        parameters: {
            query?: {
                /** @description The way of looking; `all` when it is left out. */
                view?: "unclaimed" | "mine" | "watching" | "waiting" | "snoozed" | "done" | "spam" | "all";
                /** @description Only at this desk. */
                desk?: string;
                /** @description Only by this channel. */
                channel?: string;
                /** @description Only with this tag; the latest begun first. */
                tag?: string;
                /**
                 * @description Only where this holds: words, "phrases", `-not`, `OR`, `from:` `to:` `owner:` `desk:` `channel:` `branch:` `tag:` `is:` `has:`
                 *     `before:` `after:` `on:`. The last word may be the beginning of one. Newest first. Spam only with `is:spam`.
                 */
                text?: string;
                /** @description At most so many, 1 to 200; 50 when it is left out. */
                limit?: number;
                /** @description `next` of the answer before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description In the view's order */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Found"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readConversation: {
        parameters: {
            query?: {
                /** @description `earlier` of the answer before. */
                before?: string;
            };
            header?: never;
            path: {
                /** @description The conversation */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description With what was said in it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Conversation"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    blockPatron: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The conversation */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Blocking"];
            };
        };
        responses: {
            /** @description They are kept out */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Block"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    unblockPatron: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The conversation */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description They are not kept out any more */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Block"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    claim: {
        parameters: {
            query?: {
                /** @description Take it over from this person, who the caller believes has it. */
                from?: string;
            };
            header?: never;
            path: {
                /** @description The conversation */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is yours */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Row"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    release: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The conversation */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is everybody's */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Row"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    close: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The conversation */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Closing"];
            };
        };
        responses: {
            /** @description It is done or put off */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Row"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    reopen: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The conversation */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is open, or as it was before the follow-up */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Row"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readDraft: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The conversation */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it was kept last */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Drafts"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    keepDraft: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The conversation */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["KeptDraft"];
            };
        };
        responses: {
            /** @description It is kept */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Drafts"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    forgetDraft: {
        parameters: {
            query: {
                /** @description `reply` or `note`. */
                kind: "reply" | "note";
            };
            header?: never;
            path: {
                /** @description The conversation */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is forgotten */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    handOff: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The conversation */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewHandoff"];
            };
        };
        responses: {
            /** @description The person is asked, or it is at the desk */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Row"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    previewMerge: {
        parameters: {
            query: {
                /** @description The conversation that it would become part of: its id, or its number as in `Q-20417`. */
                into: string;
            };
            header?: never;
            path: {
                /** @description The conversation */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description In a sentence */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MergePreview"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    merge: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The conversation */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Merging"];
            };
        };
        responses: {
            /** @description What it is part of now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Row"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    undoMerge: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The conversation that was merged into another one */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It stands by itself */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Row"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    decideNeeds: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The conversation */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Needing"];
            };
        };
        responses: {
            /** @description It needs that */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Row"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    writeNote: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The conversation */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewNote"];
            };
        };
        responses: {
            /** @description The note */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    pass: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The conversation */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Passing"];
            };
        };
        responses: {
            /** @description The next desk is asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Row"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    view: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The conversation */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Looked"];
            };
        };
        responses: {
            /** @description Who is there now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Presence"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    leave: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The conversation */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Nobody sees you there */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    previewReply: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The conversation */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Writing"];
            };
        };
        responses: {
            /** @description What it would become */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Preview"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    reply: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The conversation */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewReply"];
            };
        };
        responses: {
            /** @description The answer, on its way */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    withdrawReply: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The conversation */
                id: string;
                /** @description The answer */
                message_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It was not sent */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Withdrawn"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    askReview: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The conversation */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewReview"];
            };
        };
        responses: {
            /** @description It waits */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Review"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    snooze: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The conversation */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Snoozing"];
            };
        };
        responses: {
            /** @description It is snoozed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Row"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    wake: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The conversation */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is back */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Row"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    markSpam: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The conversation */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is spam */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Row"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    unmarkSpam: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The conversation */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is back */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Row"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    split: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The conversation */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewSplit"];
            };
        };
        responses: {
            /** @description What was split off */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Row"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    putTag: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The conversation */
                id: string;
                /** @description The tag */
                tag_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It bears the tag */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Row"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    takeTag: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The conversation */
                id: string;
                /** @description The tag */
                tag_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It bears the tag no more */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Row"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    markUrgent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The conversation */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is urgent */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Row"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    unmarkUrgent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The conversation */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It waits its turn */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Row"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    watch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The conversation */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is among those you watch */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Watching"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    unwatch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The conversation */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is not among them */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Watching"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listDesks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description In the library's own order */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["List_Desk"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readAway: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The desk */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What it says, if anything */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Away"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    setAway: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The desk */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AwayText"];
            };
        };
        responses: {
            /** @description It says so */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Away"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    clearAway: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The desk */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It says nothing */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    previewAway: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The desk */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AwayText"];
            };
        };
        responses: {
            /** @description What each channel would send */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Away"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    takeCalendarIn: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The desk */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CalendarFile"];
            };
        };
        responses: {
            /** @description What changed, or would */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CalendarTaken"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readCascade: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The desk */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description In their order */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["List_Step"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    decideCascade: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The desk */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Cascade"];
            };
        };
        responses: {
            /** @description They count from the next question on */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    closeToday: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The desk */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is closed today */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Moved"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    openToday: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The desk */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Today is as it was planned */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Moved"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readHours: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The desk */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its week, and the days that differ */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Hours"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listDrafts: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Each that was not sent */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["List_DraftPlace"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listHandoffs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Longest asked first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["List_Asked"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    withdrawHandoff: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The hand-off */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Nobody is asked any more */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Row"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    acceptHandoff: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The hand-off */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is yours */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Row"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    refuseHandoff: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The hand-off */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Refusing"];
            };
        };
        responses: {
            /** @description It is everybody's at its desk */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Row"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It runs, and its store answers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readIntake: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What became of everything that was given */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Intake"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listHeld: {
        parameters: {
            query?: {
                /** @description Only by this channel. */
                channel?: string;
                /** @description At most so many, 1 to 200; 50 when it is left out. */
                limit?: number;
                /** @description `next` of the answer before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["List_Held"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readHeldOriginal: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description What is held */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its source */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    releaseHeld: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description What is held */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is in a conversation */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Released"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    decideHeadStart: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["HeadStart"];
            };
        };
        responses: {
            /** @description It counts from the next question on */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    decideReplyPolicy: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Deciding"];
            };
        };
        responses: {
            /** @description It counts from the next answer on */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    follow: {
        parameters: {
            query?: {
                /** @description The last number the caller has; the header `Last-Event-ID` goes before it. Left out: from now on. */
                after?: number;
                /** @description Only what happens at this desk, and to what the caller is asked to take; may be said several times. Left out: everything. */
                desk?: string[];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Server-sent events */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": components["schemas"]["Event"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Who is signed in, and where */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sayPresence: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Saying"];
            };
        };
        responses: {
            /** @description Who is there now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Presence"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readFrame: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The message */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The document */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readOriginal: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The message */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its source */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readOpenapi: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OpenAPI 3.1 */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changePatronNote: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The note */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NotedText"];
            };
        };
        responses: {
            /** @description It says that */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    removePatronNote: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The note */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readPatron: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The patron */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description With all that is known about them */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Patron"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    describePatron: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The patron */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Described"];
            };
        };
        responses: {
            /** @description It is written down */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listOfPatron: {
        parameters: {
            query?: {
                /** @description `next` of the answer before. */
                cursor?: string;
                /** @description At most so many: 1 to 200, 50 where nothing is said. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The patron */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description By whichever channel, the latest begun first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["List_RowLite"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    notePatron: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The patron */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NotedText"];
            };
        };
        responses: {
            /** @description The note */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PatronNote"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    previewUnion: {
        parameters: {
            query: {
                /** @description The other patron: their id, or a conversation of theirs by its id or number as in `Q-20417`. */
                with: string;
            };
            header?: never;
            path: {
                /** @description The patron */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Who stays, and what must be said */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnionPreview"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    unite: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The patron */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Uniting"];
            };
        };
        responses: {
            /** @description Who they are now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Stranger"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    undoUnion: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The patron who turned out to be another one */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description They are two */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readPresence: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Who is there, and at which conversation */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Presence"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    reportWaits: {
        parameters: {
            query?: {
                /**
                 * @description The first day in the library's time zone; 29 days before the last where it is not said.
                 * @example 2026-10-01
                 */
                from?: string;
                /**
                 * @description The last day; today where it is not said.
                 * @example 2026-10-31
                 */
                to?: string;
                /** @description One line for each of these. */
                by?: "channel" | "desk" | "person";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description With what the numbers mean */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WaitsReport"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listReviews: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Anywhere, the oldest first, 200 at most */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["List_Review"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    takeReviewBack: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The answer that waits */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is a draft again */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Review"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    approveReview: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The answer that waits */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Approval"];
            };
        };
        responses: {
            /** @description The answer, on its way */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    returnReview: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The answer that waits */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Returning"];
            };
        };
        responses: {
            /** @description It is a draft again */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Review"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listRules: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description In the order in which they are asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["List_Rule"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    addRule: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewRule"];
            };
        };
        responses: {
            /** @description It is asked */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Rule"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    orderRules: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RuleOrder"];
            };
        };
        responses: {
            /** @description In the order in which they are asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["List_Rule"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    tryRules: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RuleTrial"];
            };
        };
        responses: {
            /** @description What they would have done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tried"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeRule: {
        parameters: {
            query: {
                /** @description The version that was read. */
                version: number;
            };
            header?: never;
            path: {
                /** @description The rule */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewRule"];
            };
        };
        responses: {
            /** @description It is changed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Rule"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    removeRule: {
        parameters: {
            query: {
                /** @description The version that was read. */
                version: number;
            };
            header?: never;
            path: {
                /** @description The rule */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    pauseRule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The rule */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is asked no more */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Rule"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resumeRule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The rule */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is asked again */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Rule"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listSearches: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The caller's own and those of the desks at which they answer, by name */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["List_SavedSearch"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    saveSearch: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewSavedSearch"];
            };
        };
        responses: {
            /** @description It is kept */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SavedSearch"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeSearch: {
        parameters: {
            query: {
                /** @description The version that was read. */
                version: number;
            };
            header?: never;
            path: {
                /** @description The saved search */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewSavedSearch"];
            };
        };
        responses: {
            /** @description It is changed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SavedSearch"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    removeSearch: {
        parameters: {
            query: {
                /** @description The version that was read. */
                version: number;
            };
            header?: never;
            path: {
                /** @description The saved search */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listSessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The last used first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["List_Session"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    signIn: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignIn"];
            };
        };
        responses: {
            /** @description Signed in */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    endSession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A session's id, or `current` */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It no longer counts */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    beginSignin: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewChannel"];
            };
        };
        responses: {
            /** @description Where to go */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SigninBegun"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readSignin: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The sign-in */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description For the session that began it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SigninProgress"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    chooseAccount: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The sign-in */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Chosen"];
            };
        };
        responses: {
            /** @description What came of it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SigninProgress"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listStaff: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description By name */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["List_Staff"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    decideAbilities: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The person */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Abilities"];
            };
        };
        responses: {
            /** @description As it is kept */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Abilities"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    decideReview: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The person */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Reviewing"];
            };
        };
        responses: {
            /** @description It counts from the next answer on */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listTags: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description By name, those that are off the list too */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["List_Tag"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    addTag: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewTag"];
            };
        };
        responses: {
            /** @description It is on the list */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tag"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    removeTag: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The tag */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is off the list */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listTokens: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The oldest first, those taken back too */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["List_Token"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revokeToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The token */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It no longer counts */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listFiles: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The files */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["List_Upload"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    addFile: {
        parameters: {
            query: {
                /** @description What the file is called */
                name: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Its bytes */
        requestBody: {
            content: {
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description The file, kept */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Upload"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    removeFile: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The file */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listViews: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description In the order of the menu */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["List_ViewCount"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listWebhooks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The oldest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["List_Webhook"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    registerWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewWebhook"];
            };
        };
        responses: {
            /** @description It is registered */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Registered"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    removeWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The webhook */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listAttempts: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The webhook */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The newest first, at most a hundred */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["List_Attempt"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    callWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The webhook */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Call"];
            };
        };
        responses: {
            /** @description How it went */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Attempt"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    pauseWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The webhook */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is called no more */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resumeWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The webhook */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is called again */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            /** @description It did not happen, and why */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
