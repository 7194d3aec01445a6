/* SPDX-License-Identifier: MIT */
/* The forms in which times stand in data. */
#ifndef CSI_TIME_FORMS_H
#define CSI_TIME_FORMS_H

#include "record/time_parts.h"

enum csi_time_form {
    CSI_FORM_TEXT, /* none of these: a format */
    CSI_FORM_RFC3339,
    CSI_FORM_EPOCH,
    CSI_FORM_EPOCH_MS,
    CSI_FORM_EPOCH_US,
    CSI_FORM_EPOCH_NS
};

/* Read all of a text as one of the epochs, or as RFC 3339 and its like. False
   where it is not. */
bool csi_time_form_read(enum csi_time_form form, const char *text,
                        size_t length, struct csi_time_parts *parts);

/* Read all of a text as what cosend_parse_time takes without a format. */
bool csi_time_any_read(const char *text, size_t length,
                       struct csi_time_parts *parts);

/* What digits may be that are no time by themselves, and no seconds either, for
   they may be of a year of 1900 to 2199: 2000, 200010 or, with the year last,
   31122000. As cosend_time_problem says it; NULL: they are none of these. */
const char *csi_time_doubt(const char *text, size_t length);

#endif
