/* SPDX-License-Identifier: MIT */
#include "pipeline/filter_claims.h"

#include "base/base.h"
#include "plan/plan.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* At most so many records are tried each by itself. */
enum { ALONE = 150 };

/* A step that is looked at. */
struct claim {
    struct csi_findings *findings;
    const struct cosend_filter *filter;
    const struct csi_trial_input *input;
    const struct csi_trial_result *whole;
    struct csi_trial trial; /* all of its input, in one push */
    bool brief;
};

/* ---- Stateless ----------------------------------------------------------- */

static void append_result(struct csi_trial_result *to,
                          const struct csi_trial_result *from)
{
    size_t at = to->text.length;

    cosend_put_raw(&to->text, from->text.data, from->text.length);
    for (size_t i = 0; i < from->count; i++)
        if (csi_grow(&to->ends, &to->capacity, to->count + 1, sizeof(size_t)))
            to->ends[to->count++] = at + from->ends[i];
        else
            to->text.failed = true;
    cosend_put_raw(&to->rejects, from->rejects.data, from->rejects.length);
    to->ledger.in += from->ledger.in;
    to->ledger.out += from->ledger.out;
    to->ledger.created += from->ledger.created;
    to->ledger.dropped += from->ledger.dropped;
    to->ledger.absorbed += from->ledger.absorbed;
    to->ledger.skipped += from->ledger.skipped;
    to->ledger.rejected += from->ledger.rejected;
    to->ended_early |= from->ended_early;
    if (!to->error.kind)
        to->error = from->error;
}

/* The first records at once, and each of them by itself. */
static void check_stateless(const struct claim *claim)
{
    struct csi_trial trial = claim->trial;
    struct csi_trial_result together, alone = {0}, one;
    size_t count = claim->input->count < ALONE ? claim->input->count : ALONE;

    trial.count = count;
    csi_tell_trial(claim->findings, claim->input, "the first %zu", count);
    csi_trial_run(&trial, &together);
    trial.count = 1;
    for (size_t i = 0; i < count; i++) {
        csi_tell_trial(claim->findings, claim->input, "record %zu alone",
                       i + 1);
        trial.first = i;
        csi_trial_run(&trial, &one);
        append_result(&alone, &one);
        csi_trial_result_free(&one);
    }
    /* What a stateless step returns is what its last instance does. */
    cosend_bytes_clear(&together.values);
    if (!together.error.kind && !alone.error.kind)
        csi_compare(claim->findings, CSI_RULE_STATELESS, claim->input,
                    "one push", &together, "each record by itself", &alone);
    csi_trial_result_free(&together);
    csi_trial_result_free(&alone);
}

/* ---- Merges -------------------------------------------------------------- */

/* What was counted, and rejected, is no part of a state. */
static void take_counts(struct csi_trial_result *result,
                        const struct csi_trial_result *from)
{
    result->ledger = from->ledger;
    cosend_bytes_clear(&result->rejects);
    cosend_put_raw(&result->rejects, from->rejects.data, from->rejects.length);
}

/* Parts of the input, each saved and merged into the run of the next. */
static void check_going_on(const struct claim *claim, size_t parts)
{
    struct cosend_bytes state = {0}, next = {0};
    struct csi_trial trial = claim->trial;
    struct csi_trial_result result = {0};
    size_t records = claim->input->count;

    for (size_t i = 0; i < parts; i++) {
        csi_trial_result_free(&result);
        trial.first = records * i / parts;
        trial.count = records * (i + 1) / parts - trial.first;
        trial.merged = &state;
        trial.merged_count = i > 0;
        trial.saved = &next;
        csi_tell_trial(claim->findings, claim->input,
                       "part %zu of %zu, with the state of those before it",
                       i + 1, parts);
        csi_trial_run(&trial, &result);
        cosend_bytes_free(&state);
        state = next;
        next = (struct cosend_bytes){0};
        if (result.saved < 0 || result.error.kind)
            break;
    }
    /* What was emitted meanwhile is not of the state. */
    if (result.saved == COSEND_OK && !claim->whole->ended_early) {
        take_counts(&result, claim->whole);
        csi_compare(claim->findings, CSI_RULE_MERGES, claim->input, "one run",
                    claim->whole,
                    "a run that merged the state saved of what "
                    "was before",
                    &result);
    }
    csi_trial_result_free(&result);
    cosend_bytes_free(&state);
}

/* Halves, each saved by itself, merged into an empty one: of the second the
   records have their places behind those of the first. */
static void check_union(const struct claim *claim)
{
    struct cosend_bytes states[2] = {{0}, {0}};
    struct csi_trial trial = claim->trial;
    struct csi_trial_result result;
    size_t half = claim->input->count / 2;
    bool saved = true;

    for (size_t i = 0; i < 2; i++) {
        trial.first = i ? half : 0;
        trial.count = i ? claim->input->count - half : half;
        trial.later = i > 0;
        trial.saved = &states[i];
        csi_tell_trial(claim->findings, claim->input, "half %zu, saved", i + 1);
        csi_trial_run(&trial, &result);
        saved &= result.saved == COSEND_OK && !result.error.kind;
        csi_trial_result_free(&result);
    }
    trial = claim->trial;
    trial.count = 0;
    trial.merged = states;
    trial.merged_count = 2;
    csi_tell_trial(claim->findings, claim->input, "two halves, merged");
    csi_trial_run(&trial, &result);
    if (saved && !claim->whole->ended_early) {
        take_counts(&result, claim->whole);
        csi_compare(claim->findings, CSI_RULE_MERGES, claim->input, "one run",
                    claim->whole, "two halves that were saved and merged",
                    &result);
    }
    csi_trial_result_free(&result);
    cosend_bytes_free(&states[0]);
    cosend_bytes_free(&states[1]);
}

/* With some of its options a step need not publish: it is serial then. */
static void check_merges(const struct claim *claim)
{
    claim->findings->merging = true;
    claim->findings->published |=
        claim->whole->published || claim->whole->ended_early;
    if (!claim->whole->published)
        return;
    check_going_on(claim, 3);
    if (!csi_is_told(claim->findings, CSI_RULE_MERGES))
        check_union(claim);
}

/* ---- What was absorbed ----------------------------------------------------
 */

/* Without its last half, is the same made? */
static bool matters(const struct claim *claim)
{
    struct csi_trial trial = claim->trial;
    struct csi_trial_result half;
    size_t at;
    bool same;

    trial.count = claim->input->count / 2;
    csi_tell_trial(claim->findings, claim->input, "half of them");
    csi_trial_run(&trial, &half);
    take_counts(&half, claim->whole);
    same = csi_trial_same(claim->whole, &half, &at);
    csi_trial_result_free(&half);
    return !same;
}

static void check_absorbs(const struct claim *claim)
{
    const struct cosend_ledger *ledger = &claim->whole->ledger;
    bool makes = ledger->created > 0 || claim->whole->values.length > 0;

    if (claim->whole->error.kind || claim->input->count < 2)
        return;
    if (claim->filter->absorbs && ledger->absorbed == ledger->in &&
        !matters(claim))
        csi_find(claim->findings, CSI_RULE_ABSORBS,
                 "the row says that it absorbs, and all %" PRIu64
                 " records were; but what comes out is the same with half of "
                 "them: they are dropped. Set absorbs = false, or have them "
                 "go into a state",
                 ledger->in);
    /* A row cannot say of some of its options that they absorb. */
    if (!claim->brief && !claim->filter->absorbs && ledger->in &&
        ledger->dropped == ledger->in && makes && matters(claim))
        csi_find(claim->findings, CSI_RULE_ABSORBS,
                 "all %" PRIu64 " records count as dropped, and yet what it "
                 "makes depends on them: they went into a state. Set absorbs "
                 "= true in the row, so that the ledger says so",
                 ledger->in);
}

/* ---- Bad records --------------------------------------------------------- */

static bool begins_with(const struct csi_trial_result *whole,
                        const struct csi_trial_result *part)
{
    return part->count <= whole->count &&
           (!part->count ||
            (whole->ends[part->count - 1] == part->text.length &&
             memcmp(whole->text.data, part->text.data, part->text.length) ==
                 0));
}

static void check_skip(const struct claim *claim)
{
    struct csi_trial trial = claim->trial;
    struct csi_trial_result skip;

    trial.on_error = COSEND_ON_ERROR_SKIP;
    csi_tell_trial(claim->findings, claim->input, "on_error skip");
    csi_trial_run(&trial, &skip);
    skip.ledger.rejected = skip.ledger.skipped;
    skip.ledger.skipped = 0;
    cosend_put_raw(&skip.rejects, claim->whole->rejects.data,
                   claim->whole->rejects.length);
    if (skip.on_error == CSI_SKIP)
        csi_compare(claim->findings, CSI_RULE_ON_ERROR, claim->input,
                    "on_error reject", claim->whole, "on_error skip", &skip);
    csi_trial_result_free(&skip);
}

static void check_fail(const struct claim *claim)
{
    struct csi_trial trial = claim->trial;
    struct csi_trial_result fail;

    trial.on_error = COSEND_ON_ERROR_FAIL;
    csi_tell_trial(claim->findings, claim->input, "on_error fail");
    csi_trial_run(&trial, &fail);
    if (fail.on_error == CSI_FAIL && !fail.error.kind)
        csi_find(claim->findings, CSI_RULE_ON_ERROR,
                 "%" PRIu64 " records are rejected, and under on_error fail "
                 "the run does not fail: a body that was told to fail ends",
                 claim->whole->ledger.rejected);
    if (fail.on_error == CSI_FAIL && !begins_with(claim->whole, &fail) &&
        claim->whole->parallel != COSEND_MERGES)
        csi_find(claim->findings, CSI_RULE_ON_ERROR,
                 "under on_error fail %zu records come out that are not the "
                 "first ones of those under on_error reject: nothing is "
                 "emitted behind the bad record",
                 fail.count);
    csi_trial_result_free(&fail);
}

static void check_bad(const struct claim *claim,
                      const struct csi_trial_result *none)
{
    const struct cosend_error *error = &claim->whole->error;

    if (error->kind && !none->error.kind && claim->whole->on_error != CSI_FAIL)
        csi_find(claim->findings, CSI_RULE_FAILS,
                 "over %s, %zu records, the run fails: %s", claim->input->what,
                 claim->input->count, error->message);
    if (error->kind || !claim->whole->ledger.rejected)
        return;
    check_skip(claim);
    check_fail(claim);
}

/* ---- All of them --------------------------------------------------------- */

/* Whether it holds more the more records there are; a few, as the last ones of
   a `tail`, are let go when it has ended, and do no harm. */
static bool holds_more(const struct claim *claim)
{
    struct csi_trial trial = claim->trial;
    struct csi_trial_result half;
    bool more;

    trial.count = claim->input->count / 2;
    csi_tell_trial(claim->findings, claim->input, "half of them");
    csi_trial_run(&trial, &half);
    more = half.forgotten < claim->whole->forgotten &&
           half.lost <= claim->whole->lost;
    csi_trial_result_free(&half);
    return more;
}

static void check_held(const struct claim *claim)
{
    const struct csi_trial_result *whole = claim->whole;

    if (whole->error.kind || whole->ended_early || claim->input->count < 2 ||
        !whole->forgotten || !holds_more(claim))
        return;
    if (whole->lost)
        csi_find(claim->findings, CSI_RULE_HELD,
                 "of %" PRIu64 " records it holds %zu at the end, neither "
                 "emitted nor released, and more where there are more",
                 whole->ledger.in, whole->lost);
    else
        csi_find(claim->findings, CSI_RULE_HELD,
                 "of %" PRIu64 " records it kept %zu, emitted them, and did "
                 "not release them",
                 whole->ledger.in, whole->forgotten);
}

/* ---- Having enough ------------------------------------------------------- */

/* So many emits that nobody takes are no oversight of one loop's turn. */
enum { REFUSED = 1000 };

static void check_done(const struct claim *claim)
{
    struct csi_trial trial = claim->trial;
    struct csi_trial_result result;

    if (claim->whole->count < 2)
        return;
    trial.enough = 1;
    trial.batch_size = 1;
    csi_tell_trial(claim->findings, claim->input, "its first record is enough");
    csi_trial_run(&trial, &result);
    if (result.refused >= REFUSED)
        csi_find(claim->findings, CSI_RULE_DONE,
                 "behind it one record is enough, as for `head 1`, and it goes "
                 "on to emit %zu that nobody takes",
                 result.refused);
    else if (result.count != 1 || !begins_with(claim->whole, &result))
        csi_find(claim->findings, CSI_RULE_DONE,
                 "behind it one record is enough, as for `head 1`, and it is "
                 "not the one that comes first where all are taken");
    csi_trial_result_free(&result);
}

void csi_filter_claims(struct csi_findings *findings, const char *spec,
                       const struct cosend_filter *filter,
                       const struct csi_trial_input *input,
                       const struct csi_trial_result *whole,
                       const struct csi_trial_result *none, bool brief)
{
    const struct claim claim = {
        .findings = findings,
        .brief = brief,
        .filter = filter,
        .input = input,
        .whole = whole,
        .trial = {.spec = spec, .input = input, .count = input->count}};

    if (whole->changed)
        csi_find(findings, CSI_RULE_OPTIONS,
                 "over %s, %zu records, the filter's options are others after "
                 "the run than they were before",
                 input->what, input->count);
    if (!whole->error.kind && whole->opened && !whole->balanced)
        csi_find(findings, CSI_RULE_LEDGER,
                 "over %s, %zu records, the ledger does not balance",
                 input->what, input->count);
    check_held(&claim);
    check_bad(&claim, none);
    if (whole->error.kind || csi_is_told(findings, CSI_RULE_REPEAT))
        return;
    check_absorbs(&claim);
    check_done(&claim);
    /* What stands in branches has states of its own. */
    if (filter->fans_out)
        return;
    if (whole->parallel == COSEND_STATELESS &&
        !csi_is_told(findings, CSI_RULE_STATELESS))
        check_stateless(&claim);
    if (whole->parallel == COSEND_MERGES &&
        !csi_is_told(findings, CSI_RULE_MERGES))
        check_merges(&claim);
}
