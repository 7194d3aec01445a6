/* SPDX-License-Identifier: MIT */
/* What servers call the fields of their access logs, and what we do. */
#ifndef CSI_ACCESS_LOG_NAMES_H
#define CSI_ACCESS_LOG_NAMES_H

#include "base/base.h"

/* What a value is known to be, where that says how it ends. */
enum csi_log_value {
    CSI_VALUE_TEXT,
    CSI_VALUE_BLANKS, /* text that may have blanks in it */
    CSI_VALUE_WORD,   /* one that is never empty */
    CSI_VALUE_HOST,
    CSI_VALUE_SITE, /* the name of a server, which has no slash; or nothing */
    CSI_VALUE_USER,
    CSI_VALUE_TIME,  /* as access logs write it, without brackets */
    CSI_VALUE_CLOCK, /* a time by a format of strftime */
    CSI_VALUE_REQUEST,
    CSI_VALUE_STATUS,
    CSI_VALUE_NUMBER
};

/* A row of a table. */
struct csi_log_name {
    const char *from;     /* the variable; the directive's letters */
    const char *argument; /* of a directive: NULL, one word, or "*": any */
    const char *to; /* the field, or the start of its name, before argument */
    enum csi_log_value value;
};

/* The row of an nginx variable: where `to` is NULL it is a name's own. Never
   NULL: all others are text. */
const struct csi_log_name *csi_nginx_name(const char *name, size_t length);

/* The row of an Apache directive, %{argument}letters; argument may be NULL.
   NULL where there is none. */
const struct csi_log_name *csi_apache_name(const char *letters, size_t length,
                                           const char *argument,
                                           size_t argument_length);

/* Whether there is one with any argument, or without. */
bool csi_apache_has(const char *letters, size_t length);

#endif
