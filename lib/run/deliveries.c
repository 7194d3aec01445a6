/* SPDX-License-Identifier: MIT */
#include "run/deliveries.h"

#include "run/screen.h"

#include <string.h>

static struct csi_delivery *new_delivery(struct csi_deliveries *deliveries)
{
    struct csi_delivery *delivery;

    if (!csi_grow(&deliveries->items, &deliveries->capacity,
                  deliveries->count + 1, sizeof(*deliveries->items)))
        return NULL;
    delivery = &deliveries->items[deliveries->count++];
    memset(delivery, 0, sizeof(*delivery));
    return delivery;
}

bool csi_deliveries_add_text(struct csi_deliveries *deliveries,
                             const struct csi_place *place, const char *text)
{
    char *copy = csi_strndup(text, strlen(text));
    struct csi_delivery *delivery = copy ? new_delivery(deliveries) : NULL;

    if (!delivery) {
        csi_free(copy);
        return false;
    }
    delivery->text = copy;
    if (place)
        delivery->place = *place;
    return true;
}

void csi_deliver_text(const struct csi_shared *shared,
                      const struct csi_place *place, const char *text)
{
    const struct cosend_options *options = shared->options;
    struct cosend_problem problem = {
        .name = options->name ? options->name : "<spec>", .text = text};

    csi_screen_erase(shared->screen, NULL);
    if (!place || !place->path) {
        if (options->warning)
            options->warning(text, options->context);
        return;
    }
    problem.line = place->line;
    problem.column = place->column;
    problem.path = place->path;
    if (options->problem)
        options->problem(&problem, options->context);
}

static void empty_deliveries(struct csi_deliveries *deliveries)
{
    for (size_t i = 0; i < deliveries->count; i++)
        csi_free(deliveries->items[i].text);
    deliveries->count = 0;
}

/* A callback may cause further deliveries; they are made next. */
void csi_deliveries_make(struct csi_deliveries *deliveries,
                         struct csi_shared *shared)
{
    while (deliveries->count) {
        struct csi_deliveries now = *deliveries;

        memset(deliveries, 0, sizeof(*deliveries));
        for (size_t i = 0; i < now.count; i++)
            csi_deliver_text(shared, &now.items[i].place, now.items[i].text);
        csi_deliveries_free(&now);
    }
}

void csi_deliveries_free(struct csi_deliveries *deliveries)
{
    empty_deliveries(deliveries);
    csi_free(deliveries->items);
}
