/* SPDX-License-Identifier: MIT */
/* The form of lines, by the first one of the input: what parse's auto stands
   on. */
#ifndef COSEND_CHOOSE_FORM_H
#define COSEND_CHOOSE_FORM_H

#include "cosend/log_forms.h"
#include "cosend/receive.h"

#ifdef __cplusplus
extern "C" {
#endif

/* There is no line: cosend_choose_form's, and no error kind. */
enum { COSEND_NO_FORM = -1000 };

/*
 * Wait, before all else, for the first line of the input, and choose the form
 * that it is of, as cosend_log_form_of does; the user is told which it is. It
 * is the same in all threads.
 *
 * Returns its index; or COSEND_NO_FORM, with nothing to do but return, where
 * the input has no line; or what the step failed with, where records are no
 * lines of text, or the line is of no form.
 */
COSEND_API int cosend_choose_form(struct cosend_stage *self);

#ifdef __cplusplus
}
#endif

#endif
