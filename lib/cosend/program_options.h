/* SPDX-License-Identifier: MIT */
/* The options by which a filter is told how a program writes its lines, as
   it stands in that program's own settings. Its struct is stamped
   (cosend/version.h). */
#ifndef COSEND_PROGRAM_OPTIONS_H
#define COSEND_PROGRAM_OPTIONS_H

#include "cosend/access_log.h"
#include "cosend/filter.h"
#include "cosend/line_pattern.h"

#ifdef __cplusplus
extern "C" {
#endif

struct cosend_program_options {
    struct cosend_string nginx, apache, log4j, postgres;
};

/* A group for such a struct: nginx, apache, log4j and postgres, of which one is
   given. */
COSEND_API extern const struct cosend_option cosend_program_options[];

/*
 * The form of lines that nginx or apache says: a filter's check. `rest` says
 * that lines may have more behind it. It is the filter's to free
 * (cosend_access_log_free).
 *
 * Returns NULL, with what is wrong reported, where it says none.
 */
COSEND_API struct cosend_access_log *
cosend_check_access_log(struct cosend_check *check, const char *option,
                        const struct cosend_program_options *options,
                        bool rest);

/* The same of log4j and postgres; freed with cosend_line_form_free. */
COSEND_API struct cosend_line_form *
cosend_check_line_form(struct cosend_check *check, const char *option,
                       const struct cosend_program_options *options);

#ifdef __cplusplus
}
#endif

#endif
