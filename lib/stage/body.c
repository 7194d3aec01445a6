/* SPDX-License-Identifier: MIT */
/*
 * A stage from birth to death.
 *
 * Whyever a body returns, because its input has ended, because it has enough
 * (`head`) or with an error, it leaves debts, and they are paid here, in this
 * order:
 *
 *     the schema    targets that have not learned theirs do, if need be from
 *                   the first batch, for which the stage waits
 *     its records   what is pending goes out; what is in hand and was not
 *                   looked at is counted, as unread
 *     the end       each target that has not ended by itself is closed, or
 *                   told to abort after an error (edge.c)
 *
 * Then the coroutine ends, by which whoever sends to it knows that it is owed
 * no more. Others may have read on meanwhile, so a stage that had enough says
 * behind which record (`enough`): an error behind it is none (run/late.h).
 */
#include "stage/body.h"

#include "group/joint_index.h"
#include "stage/announce.h"
#include "stage/answer.h"
#include "stage/callbacks.h"
#include "stage/compared_fields.h"
#include "stage/edge.h"
#include "stage/inside.h"
#include "stage/kept.h"
#include "stage/led_paths.h"
#include "stage/matches.h"
#include "stage/open_fields.h"
#include "stage/pen.h"
#include "stage/receive.h"
#include "stage/wanted.h"
#include "stage/whole_batches.h"

/*
 * A body may return before it received anything (head 0). Its targets still
 * have to learn the schema, so it waits for the first batch or the end.
 */
static void wait_for_schema(struct csi_stage *stage)
{
    if (csi_stage_is_source(stage) || stage->schema)
        return;
    csi_stage_next_batch(stage);
}

static int finish_body(struct csi_stage *stage, int status)
{
    struct cosend_error error = {0};

    if (status < 0 && stage->end != COSEND_END_FAILED &&
        stage->end != COSEND_END_ABORTED) {
        cosend_error_set(&error, status, "the filter failed with %d", status);
        status = csi_stage_fail(stage, &error);
    }
    wait_for_schema(stage);
    if (csi_stage_is_source(stage))
        stage->cause = CSI_ORDINAL_END;
    else if (stage->end == COSEND_NOT_ENDED) {
        stage->cause = csi_stage_cause(stage);
        stage->enough =
            stage->at || stage->face.next ? stage->cause + 1 : stage->behind;
        /* Of a whole batch, what is behind that was not looked at. */
        stage->bad_at = stage->as_batch ? stage->at : 0;
    }
    csi_stage_let_go(stage);
    csi_inside_leave(stage);
    if (csi_stage_is_source(stage)) {
        stage->shared->finishing = true;
        if (!stage->schema && !stage->out_schema)
            csi_stage_announce_source(stage);
    }
    switch (stage->end) {
    case COSEND_END_ABORTED:
    case COSEND_END_FAILED:
        csi_edges_throw(stage, CSI_NEWS_ABORT);
        return stage->end == COSEND_END_FAILED ? csi_shared_error(stage->shared)
                                               : COSEND_E_ABORTED;
    default:
        return csi_edges_close(stage);
    }
}

static int run_body(struct cosend_coroutine *coroutine, void *argument)
{
    struct csi_stage *stage = argument;
    const struct cosend_filter *filter = stage->node->filter;
    int status;

    stage->coroutine = coroutine;
    status = filter->callbacks
                 ? csi_callbacks_run(stage)
                 : csi_answer_judge(
                       stage, "body",
                       filter->body(&stage->face, stage->node->options), true);
    if (stage->on_return)
        status = stage->on_return(stage, status);
    stage->state = NULL;
    status = finish_body(stage, status);
    if (status < 0)
        return cosend_raise(coroutine, status, "stage %s failed",
                            stage->node->id);
    return 0;
}

int csi_stage_init(struct csi_stage *stage, struct cosend_error *error)
{
    struct cosend_coroutine_options options = {
        .size = sizeof(options),
        .name = stage->node->id,
        .stack_size = stage->node->filter->stack_size};

    stage->enough = CSI_ORDINAL_END;
    stage->to = CSI_ALL_TARGETS;
    stage->until = INT64_MAX;
    stage->slots = stage->node->field_count;
    stage->parallel = stage->node->filter->parallel;
    if (stage->node->field_count) {
        stage->map = csi_calloc(2 * (size_t)stage->node->field_count,
                                sizeof(*stage->map));
        if (!stage->map)
            return csi_no_memory(error);
    }
    if (stage->node->list_count && !csi_matches_init(stage))
        return csi_no_memory(error);
    stage->coroutine = cosend_new(run_body, stage, &options, error);
    return stage->coroutine ? COSEND_OK : error ? error->kind : COSEND_E_MEMORY;
}

void csi_stage_free(struct csi_stage *stage)
{
    cosend_free(stage->coroutine);
    csi_kept_drop_all(stage);
    csi_batch_unref(stage->face.batch);
    csi_schema_unref(stage->encoding.columns);
    csi_free(stage->face.picked);
    csi_batch_unref(stage->base);
    csi_free(stage->causes);
    csi_free(stage->routes);
    csi_open_free(stage);
    csi_inside_free(stage);
    csi_led_free(stage);
    csi_compared_free(stage);
    csi_pen_free(stage);
    csi_whole_free(stage);
    csi_wanted_free(stage);
    csi_recipe_free(&stage->recipe);
    csi_schema_unref(stage->schema);
    csi_schema_unref(stage->out_schema);
    csi_free(stage->map);
    csi_matches_free(stage);
    csi_free(stage->out_map);
    csi_free(stage->added_column);
    csi_free(stage->targets);
    csi_free(stage->joins);
    cosend_bytes_free(&stage->last_state);
    for (size_t i = 0; i < stage->result_count; i++) {
        csi_free(stage->results[i].name);
        csi_free(stage->results[i].text);
    }
    csi_free(stage->results);
    csi_stage_release_common(stage);
    if (stage->owns_joint)
        csi_joint_free(stage->joint);
}
