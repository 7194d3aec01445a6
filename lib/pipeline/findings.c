/* SPDX-License-Identifier: MIT */
#include "pipeline/findings.h"

#include "base/base.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    const char *advice;
} rules[] = {
    [CSI_RULE_ROW] = {"row", NULL},
    [CSI_RULE_EXAMPLE] = {"example", NULL},
    [CSI_RULE_REPEAT] =
        {"repeat", "What a filter does depends on its input and options alone: "
                   "look for static variables, memory that is not set, the "
                   "clock, and chance without a seed."},
    [CSI_RULE_BATCH_SIZE] =
        {"batch_size",
         "Nothing may depend on where a batch ends: look at what the body does "
         "once for each cosend_receive_batch, and at cells that it uses after "
         "the next receive, which is as long as they live."},
    [CSI_RULE_CUT] =
        {"cut", "Nothing may depend on the pieces in which the input comes, or "
                "on a flush: look at what the body does once for each batch, "
                "and at cells that it uses after the next receive."},
    [CSI_RULE_SAVE] =
        {"save", "A snapshot disturbs nothing: save may not change the state "
                 "that cosend_publish showed."},
    [CSI_RULE_THREADS] =
        {"threads",
         "Instances in several threads share the records: a record may not be "
         "treated by what another thread's records said (make the row "
         "COSEND_SERIAL, or say so by cosend_set_parallel), what is published "
         "must hold all that matters, and merge must add to it."},
    [CSI_RULE_STATELESS] =
        {"stateless",
         "The row says COSEND_STATELESS: each record is treated by itself. If "
         "what came before matters, make it COSEND_SERIAL, or publish the "
         "state, with save and merge, and say COSEND_MERGES. (For some of its "
         "options only: cosend_set_parallel, before the first receive.)"},
    [CSI_RULE_MERGES] =
        {"merges",
         "The row says COSEND_MERGES: save must write all of the state that "
         "cosend_publish showed, and merge must add it to one that is there, "
         "and is not always empty; both in the order of the input."},
    [CSI_RULE_ABSORBS] = {"absorbs", NULL},
    [CSI_RULE_OPTIONS] =
        {"options", "Options are constant once `check` has completed them, and "
                    "all instances and threads share them: keep what changes "
                    "in the body's own variables."},
    [CSI_RULE_ON_ERROR] =
        {"on_error", "Tell of a record that will not do by cosend_bad, and go "
                     "on with the loop: it does what on_error says."},
    [CSI_RULE_FAILS] =
        {"fails", "If a record is to blame, tell of it by cosend_bad, which "
                  "does what on_error says; cosend_fail, and an error that the "
                  "body returns, end the run whatever it says."},
    [CSI_RULE_DONE] =
        {"done", "Once nobody takes its records a body should end: let loops "
                 "that emit without receiving end where cosend_emit does not "
                 "answer COSEND_OK."},
    [CSI_RULE_LEDGER] =
        {"ledger", "Each record received is emitted, bad, kept or dropped "
                   "once. If the body does nothing unusual, please report "
                   "this."},
    [CSI_RULE_HELD] =
        {"held", "Give back what cosend_keep gave by cosend_release, also when "
                 "it was emitted: its memory is held until then."},
    [CSI_RULE_LEAK] =
        {"leak", "Have what a body allocates freed however it ends: "
                 "cosend_stage_memory, or cosend_stage_defer with what frees "
                 "it; what `check` acquires, `release` frees."},
    [CSI_RULE_ALLOCATION] = {
        "allocation", "A call that had no memory has failed the step: return "
                      "COSEND_E_MEMORY where it answers NULL or false."}};

enum { SHOWN = 240, TEXT = 4096 };

bool csi_is_told(const struct csi_findings *findings, enum csi_rule rule)
{
    return findings->told >> rule & 1;
}

void csi_find(struct csi_findings *findings, enum csi_rule rule,
              const char *format, ...)
{
    struct cosend_finding finding = {.size = sizeof(finding),
                                     .rule = rules[rule].name,
                                     .stage = findings->stage};
    const char *advice = rules[rule].advice;
    char text[TEXT];
    va_list arguments;
    int length;

    if (csi_is_told(findings, rule))
        return;
    if (rule != CSI_RULE_ROW && rule != CSI_RULE_EXAMPLE)
        findings->told |= 1U << rule;
    findings->count++;
    va_start(arguments, format);
    length = vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    if (advice && length >= 0 && (size_t)length < sizeof(text))
        snprintf(text + length, sizeof(text) - (size_t)length, "\n%s", advice);
    finding.text = text;
    if (findings->check->finding)
        findings->check->finding(&finding, findings->check->context);
}

void csi_tell_trial(const struct csi_findings *findings,
                    const struct csi_trial_input *input, const char *format,
                    ...)
{
    char how[160], text[640];
    va_list arguments;

    if (!findings->check->trial)
        return;
    va_start(arguments, format);
    vsnprintf(how, sizeof(how), format, arguments);
    va_end(arguments);
    snprintf(text, sizeof(text), "%.300s over %s, %zu records: %s",
             findings->stage, input->what, input->count, how);
    findings->check->trial(text, findings->check->context);
}

/* ---- Differences --------------------------------------------------------- */

static size_t start_of(const struct csi_trial_result *result, size_t i)
{
    return i ? result->ends[i - 1] : 0;
}

/* How many bytes of record i both have. */
static size_t common_bytes(const struct csi_trial_result *a,
                           const struct csi_trial_result *b, size_t i)
{
    size_t at = 0, x, y;

    if (i >= a->count || i >= b->count)
        return 0;
    x = start_of(a, i);
    y = start_of(b, i);
    while (x + at < a->ends[i] && y + at < b->ends[i] &&
           a->text.data[x + at] == b->text.data[y + at])
        at++;
    return at;
}

const char *csi_show_record(const struct csi_trial_result *result, size_t i,
                            size_t at, char *to, size_t size)
{
    size_t from, length;

    if (i >= result->count) {
        snprintf(to, size, "there is none");
        return to;
    }
    from = start_of(result, i);
    length = result->ends[i] - from;
    at = at > SHOWN / 2 && length > SHOWN ? at - SHOWN / 2 : 0;
    snprintf(to, size, "%s%.*s%s", at ? "..." : "",
             (int)(length - at < SHOWN ? length - at : SHOWN),
             (const char *)result->text.data + from + at,
             length - at > SHOWN ? "..." : "");
    return to;
}

static void find_record(struct csi_findings *findings, enum csi_rule rule,
                        const struct csi_trial_input *input, size_t i,
                        const char *a_run, const struct csi_trial_result *a,
                        const char *b_run, const struct csi_trial_result *b)
{
    size_t at = common_bytes(a, b, i);
    char one[SHOWN + 16], other[SHOWN + 16];

    csi_find(findings, rule,
             "over %s, %zu records, %zu come out by %s, and %zu by %s; number "
             "%zu is the first that differs:\n  %s: %s\n  %s: %s",
             input->what, input->count, a->count, a_run, b->count, b_run, i + 1,
             a_run, csi_show_record(a, i, at, one, sizeof(one)), b_run,
             csi_show_record(b, i, at, other, sizeof(other)));
}

static void show_counts(const struct csi_trial_result *result, char *to,
                        size_t size)
{
    const struct cosend_ledger *ledger = &result->ledger;

    if (result->error.kind)
        snprintf(to, size, "%.200s", result->error.message);
    else
        snprintf(
            to, size,
            "%" PRIu64 " made, %" PRIu64 " emitted, %" PRIu64
            " dropped, %" PRIu64 " bad; result {%.*s}",
            ledger->created, ledger->out, ledger->dropped + ledger->absorbed,
            ledger->skipped + ledger->rejected,
            (int)(result->values.length < SHOWN ? result->values.length
                                                : SHOWN),
            result->values.length ? (const char *)result->values.data : "");
}

bool csi_compare(struct csi_findings *findings, enum csi_rule rule,
                 const struct csi_trial_input *input, const char *a_run,
                 const struct csi_trial_result *a, const char *b_run,
                 const struct csi_trial_result *b)
{
    char one[SHOWN + 200], other[SHOWN + 200];
    size_t at;

    if (csi_trial_same(a, b, &at))
        return true;
    if (at != SIZE_MAX) {
        find_record(findings, rule, input, at, a_run, a, b_run, b);
        return false;
    }
    show_counts(a, one, sizeof(one));
    show_counts(b, other, sizeof(other));
    csi_find(findings, rule,
             "over %s, %zu records, the same records come out, and yet:\n"
             "  %s: %s\n  %s: %s",
             input->what, input->count, a_run, one, b_run, other);
    return false;
}
