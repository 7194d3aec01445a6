/* SPDX-License-Identifier: MIT */
#include "format/table_border.h"

#include "cosend/endpoint.h"

const struct csi_table_border csi_table_borders[] = {
    [COSEND_BORDER_NONE] = {.row = {"", NULL, "  ", ""},
                            .header = {"", "-", "  ", ""},
                            .gap = 2},
    [COSEND_BORDER_ASCII] = {.row = {"| ", NULL, " | ", " |"},
                             .header = {"+-", "-", "-+-", "-+"},
                             .top = {"+-", "-", "-+-", "-+"},
                             .bottom = {"+-", "-", "-+-", "-+"},
                             .gap = 3,
                             .edges = 4},
    [COSEND_BORDER_UNICODE] = {.row = {"│ ", NULL, " │ ", " │"},
                               .header = {"├─", "─", "─┼─", "─┤"},
                               .top = {"┌─", "─", "─┬─", "─┐"},
                               .bottom = {"└─", "─", "─┴─", "─┘"},
                               .gap = 3,
                               .edges = 4}};
