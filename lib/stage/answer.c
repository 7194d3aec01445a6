/* SPDX-License-Identifier: MIT */
#include "stage/answer.h"

int csi_answer_refuse(const struct csi_stage *stage, const char *function,
                      int answer, bool ends, struct cosend_error *why)
{
    return cosend_error_set(why, COSEND_E_USAGE,
                            "%s of filter %s answered %d, which is neither "
                            "COSEND_OK nor an error, which are negative%s",
                            function, stage->node->filter->name, answer,
                            ends ? ", nor COSEND_DONE" : "");
}

int csi_answer_judge(struct csi_stage *stage, const char *function, int answer,
                     bool ends)
{
    struct cosend_error error = {0};

    if (answer <= 0 ||
        (ends && (answer == COSEND_DONE || answer == COSEND_CLOSING)))
        return answer;
    csi_answer_refuse(stage, function, answer, ends, &error);
    return csi_stage_fail(stage, &error);
}
