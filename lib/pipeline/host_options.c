/* SPDX-License-Identifier: MIT */
#include "pipeline/host_options.h"

#include "base/sized.h"

static int check_enum(int value, int greatest, const char *member,
                      const char *name, struct cosend_error *error)
{
    if (value >= 0 && value <= greatest)
        return COSEND_OK;
    return cosend_error_set(error, COSEND_E_USAGE,
                            "options: %s is %d, which is no enum %s", member,
                            value, name);
}

/* What is given, such as a path, is not empty. */
static int check_path(const char *path, const char *member,
                      struct cosend_error *error)
{
    if (!path || path[0])
        return COSEND_OK;
    return cosend_error_set(error, COSEND_E_USAGE,
                            "options: %s is empty; NULL is none", member);
}

static int check_times(const struct cosend_options *options,
                       struct cosend_error *error)
{
    int status = check_path(options->since, "since", error);

    if (status == COSEND_OK)
        status = check_path(options->until, "until", error);
    if (status == COSEND_OK)
        status = check_path(options->time_field, "time_field", error);
    return status == COSEND_OK ? check_path(options->tz, "tz", error) : status;
}

static int check_lists(const struct cosend_options *options,
                       struct cosend_error *error)
{
    const struct cosend_parameter *parameters = options->parameters;

    for (size_t i = 0; i < options->parameter_count; i++)
        if (!parameters || !parameters[i].name || !parameters[i].value)
            return cosend_error_set(error, COSEND_E_USAGE,
                                    "options: parameters[%zu] has no name or "
                                    "no value",
                                    i);
    for (size_t i = 0; i < options->file_count; i++)
        if (!options->files || !options->files[i])
            return cosend_error_set(error, COSEND_E_USAGE,
                                    "options: files[%zu] is NULL", i);
    return COSEND_OK;
}

static int check_members(const struct cosend_options *options,
                         struct cosend_error *error)
{
    int status;

    status = check_enum(options->on_error, COSEND_ON_ERROR_FAIL, "on_error",
                        "cosend_on_error", error);
    if (status == COSEND_OK)
        status = check_enum(options->output_numbers, COSEND_JSON_NUMBERS_AUTO,
                            "output_numbers", "cosend_json_numbers", error);
    if (status == COSEND_OK)
        status = check_path(options->output_path, "output_path", error);
    if (status == COSEND_OK)
        status = check_path(options->rejects_path, "rejects_path", error);
    if (status == COSEND_OK)
        status = check_times(options, error);
    if (status == COSEND_OK)
        status = check_lists(options, error);
    if (status == COSEND_OK && options->record && options->taker)
        return cosend_error_set(error, COSEND_E_USAGE,
                                "options: record and taker are set, and the "
                                "records can go to one of them only");
    if (status == COSEND_OK && options->output_path &&
        (options->record || options->taker))
        return cosend_error_set(error, COSEND_E_USAGE,
                                "options: output_path and %s are set, and the "
                                "records can go to one of them only",
                                options->record ? "record" : "taker");
    return status;
}

int csi_host_options_take(const struct cosend_options *made,
                          struct cosend_options *own,
                          struct cosend_error *error)
{
    int status = CSI_TAKE(cosend_options, own, made, error);

    return status == COSEND_OK ? check_members(own, error) : status;
}

int csi_host_taker_take(const struct cosend_taker *made,
                        struct cosend_taker *own, struct cosend_error *error)
{
    int status = CSI_TAKE(cosend_taker, own, made, error);

    if (status == COSEND_OK && !own->batch)
        return cosend_error_set(error, COSEND_E_USAGE,
                                "struct cosend_taker: batch is NULL");
    return status;
}

int csi_host_string_check(const char *string, const char *what,
                          struct cosend_error *error)
{
    if (string)
        return COSEND_OK;
    return cosend_error_set(error, COSEND_E_USAGE, "%s is NULL", what);
}
