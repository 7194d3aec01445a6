/* SPDX-License-Identifier: MIT */
/*
 * sessionize: emits every record, as it comes, with the number of its session:
 * the records of a user that follow each other without a gap.
 */
#include "cosend.h"

struct sessionize {
    struct cosend_fields by;
    struct cosend_field time;
    struct cosend_string as, tz;
    int64_t gap, max_groups;
    bool overwrite;
    struct cosend_zone *zone; /* made by check */
};

static const struct cosend_option options[] = {
    {.name = "by",
     .type = COSEND_OPTION_FIELDS,
     .offset = offsetof(struct sessionize, by),
     .flags = COSEND_MAIN,
     .help = "whose sessions: records that are the same in these fields; "
             "without it those of all",
     .example = "[\"user\", \"host\"]"},
    {.name = "gap",
     .type = COSEND_OPTION_DURATION,
     .offset = offsetof(struct sessionize, gap),
     .flags = COSEND_SECOND,
     .fallback = "\"30m\"",
     .minimum = 1,
     .maximum = INT64_MAX / 4,
     .help = "a record that is so much behind the one before begins another",
     .example = "\"10m\""},
    {.name = "time",
     .type = COSEND_OPTION_FIELD,
     .offset = offsetof(struct sessionize, time),
     .flags = COSEND_REQUIRED,
     .help = "the field with each record's time, as `date` takes it by itself",
     .example = "\"time\""},
    {.name = "tz",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct sessionize, tz),
     .fallback = "\"UTC\"",
     .maximum = 1024,
     .help = "the time zone of times that are written without one",
     .example = "\"+01:00\""},
    {.name = "as",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct sessionize, as),
     .fallback = "\"session\"",
     .minimum = 1,
     .maximum = 1 << 16,
     .help = "the name of the field that is added",
     .example = "\"visit\""},
    {.name = "overwrite",
     .type = COSEND_OPTION_BOOL,
     .offset = offsetof(struct sessionize, overwrite),
     .help = "replace a field that has the name already",
     .example = "true"},
    {.name = "max_groups",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct sessionize, max_groups),
     .minimum = 0,
     .maximum = INT64_MAX,
     .help = "how many groups there may be; more end the run; 0: any number",
     .example = "100000"},
    {.name = NULL},
};

static void check(struct cosend_check *check, void *memory)
{
    struct sessionize *sessionize = memory;

    sessionize->zone = cosend_check_zone(check, "tz", &sessionize->tz);
}

static void release(void *memory)
{
    struct sessionize *sessionize = memory;

    cosend_zone_free(sessionize->zone);
}

/* A group's session: its number, 0 for none yet, its first and last time, and
   until when the one before it would have gone on. */
struct session {
    int64_t number, first, last, until;
};

struct work {
    struct cosend_groups *groups;
    struct cosend_column column;
    int64_t sessions;
    uint64_t group_count;
};

/* Whether a time is so much behind another. */
static bool is_behind(int64_t time, int64_t other, int64_t gap)
{
    return other <= INT64_MAX - gap && time >= other + gap;
}

/* Send a record on. False where it is bad, or the step has failed. */
static bool take_record(struct cosend_stage *self,
                        const struct sessionize *sessionize, struct work *work,
                        struct cosend_record *record)
{
    struct cosend_time when;
    struct session *session;
    int64_t time, gap = sessionize->gap;

    if (!cosend_time_of(self, record, sessionize->time, sessionize->zone,
                        &when))
        return false;
    time = when.nanoseconds;
    session = cosend_group_of(work->groups, record);
    if (!session)
        return false;
    if (!session->number &&
        !cosend_groups_limit(self, ++work->group_count,
                             (uint64_t)sessionize->max_groups))
        return false;
    if (session->number &&
        (time < session->until || is_behind(session->first, time, gap))) {
        cosend_bad(self, record, "late",
                   "it is before the session that is under way, and may be of "
                   "one before that; a step `sort` before puts times in order");
        return false;
    }
    if (!session->number || is_behind(time, session->last, gap))
        *session =
            (struct session){++work->sessions, time, time,
                             session->number ? session->last + gap : INT64_MIN};
    session->first = time < session->first ? time : session->first;
    session->last = time > session->last ? time : session->last;
    cosend_set_integer(self, work->column, session->number);
    cosend_emit(self, record);
    return true;
}

static int body(struct cosend_stage *self, void *memory)
{
    const struct sessionize *sessionize = memory;
    const struct cosend_fields none = {0, 0};
    struct cosend_record record;
    struct work work = {.groups =
                            cosend_groups_new(self, sessionize->by,
                                              sizeof(struct session), NULL)};

    if (!work.groups)
        return COSEND_E_MEMORY;
    work.column = cosend_add_column(self, sessionize->as.data);
    cosend_only_fields(self);
    while (cosend_receive(self, &record))
        if (sessionize->overwrite ||
            cosend_name_free(self, &record, sessionize->as.data, none,
                             "overwrite=true replaces it, and as=NAME takes "
                             "another name"))
            take_record(self, sessionize, &work, &record);
    return 0;
}

const struct cosend_filter csi_filter_sessionize = {
    .abi = COSEND_ABI,
    .name = "sessionize",
    .role = COSEND_FILTER,
    .summary = "Number the sessions of each user",
    .details =
        "Emits every record as it comes, with the number of its session as a "
        "field behind the others, 1 for the first that began. A session is of "
        "the records that are the same in the fields `by`; one whose time is "
        "`gap` or more behind the latest of them begins another. Records may "
        "be out of order within a session; one that may be of a session before "
        "it is bad (late): it would make one of two, or lie between. What is "
        "no "
        "time, an empty field too, makes the record bad (not_a_time). A field "
        "that has the name already is an error, in JSON lines a bad record "
        "(name_taken), unless it is to be replaced. `count session` counts "
        "records by session, and `window` with `gap` works out more. One "
        "session is held for each group there ever was.",
    .example = "parse combined | sessionize host 30m time=time | count session",
    .options_size = sizeof(struct sessionize),
    .options = options,
    .check = check,
    .release = release,
    .body = body,
};
