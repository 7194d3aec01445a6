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

/* Whether a text is eight digits that may be a date of 1900 to 2199 with the
   year last, as 31122000: it is no time by itself, and no seconds either. */
bool csi_time_year_is_last(const char *text, size_t length);

#endif
