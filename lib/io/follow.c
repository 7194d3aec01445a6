/* SPDX-License-Identifier: MIT */
#include "io/input.h"

int csi_follow_start(struct cosend_input *input, int fd, unsigned flags,
                     struct cosend_error *error)
{
    (void)flags;
    (void)fd;
    return csi_io_error(error, COSEND_E_INPUT, input->name);
}
int csi_follow_read(struct cosend_input *input, void *buffer, size_t capacity,
                    size_t *length, struct cosend_error *error)
{
    (void)buffer; (void)capacity; (void)length;
    return csi_io_error(error, COSEND_E_INPUT, input->name);
}
bool csi_follow_ready(struct cosend_input *input) { (void)input; return true; }
void csi_follow_free(struct cosend_input *input) { (void)input; }
