/* SPDX-License-Identifier: MIT */
/* Columns as numbers. */
#ifndef CSI_COLUMN_NUMBERS_H
#define CSI_COLUMN_NUMBERS_H

#include "record/column.h"

/* A column of a batch as numbers. False without memory. */
bool csi_batch_numbers(const struct cosend_batch *batch, uint32_t column,
                       struct cosend_numbers *numbers);

/* The same, and only those of `count` positions are looked at; where `at` is
   NULL, of the first. */
bool csi_batch_numbers_at(const struct cosend_batch *batch, uint32_t column,
                          const uint32_t *at, uint32_t count,
                          struct cosend_numbers *numbers);

/* Whether they are there already, so that it costs little to ask. */
bool csi_batch_has_numbers(const struct cosend_batch *batch, uint32_t column);

#endif
