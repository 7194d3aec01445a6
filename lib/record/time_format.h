/* SPDX-License-Identifier: MIT */
/* A compiled format: checked, and its short forms written out. */
#ifndef CSI_TIME_FORMAT_H
#define CSI_TIME_FORMAT_H

#include "record/time_forms.h"

struct cosend_time_format {
    enum csi_time_form form;
    size_t length;
    bool reads;
    char text[]; /* of CSI_FORM_TEXT: every % has a directive behind it */
};

/* A directive of a format's text. */
struct csi_directive {
    char letter;
    int digits; /* of %f: 1 to 9; 0: as usual */
    bool colon; /* of %:z */
};

/* Take the directive behind the % at p; what follows it is returned, or NULL
   where there is none. */
const char *csi_time_directive(const char *p, const char *end,
                               struct csi_directive *directive);

#endif
