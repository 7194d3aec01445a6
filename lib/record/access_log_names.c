/* SPDX-License-Identifier: MIT */
/*
 * The directives of Apache's LogFormat (Apache HTTP Server 2.4, modules
 * mod_log_config, mod_logio and mod_ssl) and those variables of nginx (modules
 * ngx_http_core_module, ngx_http_log_module, ngx_http_upstream_module) of which
 * more is known than their name. One vocabulary: what combined has is called as
 * there, what nginx has as there without its dollar sign, a header of a request
 * http_NAME, one of an answer sent_http_NAME.
 */
#include "record/access_log_names.h"

#include <string.h>
#include <strings.h>

static const struct csi_log_name nginx[] = {
    {"remote_addr", NULL, "host", CSI_VALUE_HOST},
    {"remote_user", NULL, "user", CSI_VALUE_USER},
    {"time_local", NULL, "time", CSI_VALUE_TIME},
    {"request", NULL, "request", CSI_VALUE_REQUEST},
    {"status", NULL, "status", CSI_VALUE_STATUS},
    {"body_bytes_sent", NULL, "size", CSI_VALUE_NUMBER},
    {"http_referer", NULL, "referer", CSI_VALUE_BLANKS},
    {"http_user_agent", NULL, "agent", CSI_VALUE_BLANKS},
    {"host", NULL, "vhost", CSI_VALUE_SITE},
    {"server_name", NULL, NULL, CSI_VALUE_SITE},
    {"server_addr", NULL, NULL, CSI_VALUE_SITE},
    {"realip_remote_addr", NULL, NULL, CSI_VALUE_SITE},
    {"proxy_protocol_addr", NULL, NULL, CSI_VALUE_SITE},
    {"proxy_protocol_server_addr", NULL, NULL, CSI_VALUE_SITE},
    {"request_method", NULL, "method", CSI_VALUE_TEXT},
    {"request_uri", NULL, "path", CSI_VALUE_TEXT},
    {"server_protocol", NULL, "protocol", CSI_VALUE_TEXT},
    {"bytes_sent", NULL, NULL, CSI_VALUE_NUMBER},
    {"connection", NULL, NULL, CSI_VALUE_NUMBER},
    {"connection_requests", NULL, NULL, CSI_VALUE_NUMBER},
    {"pid", NULL, NULL, CSI_VALUE_NUMBER},
    {"remote_port", NULL, NULL, CSI_VALUE_NUMBER},
    {"request_length", NULL, NULL, CSI_VALUE_NUMBER},
    {"server_port", NULL, NULL, CSI_VALUE_NUMBER},
    {"args", NULL, NULL, CSI_VALUE_BLANKS},
    {"query_string", NULL, NULL, CSI_VALUE_BLANKS},
    {"document_uri", NULL, NULL, CSI_VALUE_BLANKS},
    {"uri", NULL, NULL, CSI_VALUE_BLANKS},
    {"request_body", NULL, NULL, CSI_VALUE_BLANKS},
    {"request_filename", NULL, NULL, CSI_VALUE_BLANKS},
    /* Names that begin so: */
    {"arg_*", NULL, NULL, CSI_VALUE_BLANKS},
    {"cookie_*", NULL, NULL, CSI_VALUE_BLANKS},
    {"geoip_*", NULL, NULL, CSI_VALUE_BLANKS},
    {"http_*", NULL, NULL, CSI_VALUE_BLANKS},
    {"proxy_add_*", NULL, NULL, CSI_VALUE_BLANKS},
    {"sent_*", NULL, NULL, CSI_VALUE_BLANKS},
    {"ssl_*", NULL, NULL, CSI_VALUE_BLANKS},
    {"upstream_*", NULL, NULL, CSI_VALUE_BLANKS},
    {"*", NULL, NULL, CSI_VALUE_TEXT},
};

static const struct csi_log_name apache[] = {
    {"a", NULL, "address", CSI_VALUE_SITE},
    {"a", "c", "peer", CSI_VALUE_SITE},
    {"A", NULL, "server_addr", CSI_VALUE_SITE},
    {"B", NULL, "size", CSI_VALUE_NUMBER},
    {"b", NULL, "size", CSI_VALUE_NUMBER},
    {"C", "*", "cookie_", CSI_VALUE_BLANKS},
    {"c", "*", "", CSI_VALUE_BLANKS}, /* mod_ssl's older one of x */
    {"D", NULL, "duration_us", CSI_VALUE_NUMBER},
    {"e", "*", "env_", CSI_VALUE_BLANKS},
    {"f", NULL, "request_filename", CSI_VALUE_BLANKS},
    {"h", NULL, "host", CSI_VALUE_HOST},
    {"h", "c", "peer_host", CSI_VALUE_SITE},
    {"H", NULL, "protocol", CSI_VALUE_TEXT},
    {"I", NULL, "bytes_received", CSI_VALUE_NUMBER},
    {"i", "User-Agent", "agent", CSI_VALUE_BLANKS},
    {"i", "Referer", "referer", CSI_VALUE_BLANKS},
    {"i", "*", "http_", CSI_VALUE_BLANKS},
    {"k", NULL, "keepalive_requests", CSI_VALUE_NUMBER},
    {"L", NULL, "log_id", CSI_VALUE_TEXT},
    {"L", "c", "connection_log_id", CSI_VALUE_TEXT},
    {"l", NULL, "ident", CSI_VALUE_WORD},
    {"m", NULL, "method", CSI_VALUE_TEXT},
    {"n", "*", "note_", CSI_VALUE_BLANKS},
    {"O", NULL, "bytes_sent", CSI_VALUE_NUMBER},
    {"o", "*", "sent_http_", CSI_VALUE_BLANKS},
    {"p", NULL, "server_port", CSI_VALUE_NUMBER},
    {"p", "canonical", "server_port", CSI_VALUE_NUMBER},
    {"p", "local", "local_port", CSI_VALUE_NUMBER},
    {"p", "remote", "remote_port", CSI_VALUE_NUMBER},
    {"P", NULL, "pid", CSI_VALUE_NUMBER},
    {"P", "pid", "pid", CSI_VALUE_NUMBER},
    {"P", "tid", "tid", CSI_VALUE_TEXT},
    {"P", "hextid", "tid", CSI_VALUE_TEXT},
    {"q", NULL, "query", CSI_VALUE_BLANKS},
    {"R", NULL, "handler", CSI_VALUE_BLANKS},
    {"r", NULL, "request", CSI_VALUE_REQUEST},
    {"S", NULL, "bytes_total", CSI_VALUE_NUMBER},
    {"s", NULL, "status", CSI_VALUE_STATUS},
    {"T", NULL, "duration_s", CSI_VALUE_NUMBER},
    {"T", "s", "duration_s", CSI_VALUE_NUMBER},
    {"T", "ms", "duration_ms", CSI_VALUE_NUMBER},
    {"T", "us", "duration_us", CSI_VALUE_NUMBER},
    {"t", NULL, "time", CSI_VALUE_TIME},
    {"t", "sec", "time_sec", CSI_VALUE_NUMBER},
    {"t", "msec", "time_msec", CSI_VALUE_NUMBER},
    {"t", "usec", "time_usec", CSI_VALUE_NUMBER},
    {"t", "msec_frac", "time_msec_frac", CSI_VALUE_NUMBER},
    {"t", "usec_frac", "time_usec_frac", CSI_VALUE_NUMBER},
    {"t", "*", "time", CSI_VALUE_CLOCK},
    {"U", NULL, "path", CSI_VALUE_BLANKS},
    {"u", NULL, "user", CSI_VALUE_USER},
    {"V", NULL, "server_name", CSI_VALUE_SITE},
    {"v", NULL, "vhost", CSI_VALUE_SITE},
    {"X", NULL, "connection_status", CSI_VALUE_TEXT},
    {"x", "*", "", CSI_VALUE_BLANKS},
    {"^FB", NULL, "first_byte_us", CSI_VALUE_NUMBER},
    {"^ti", "*", "trailer_", CSI_VALUE_BLANKS},
    {"^to", "*", "sent_trailer_", CSI_VALUE_BLANKS},
};

enum { APACHE_ROWS = sizeof(apache) / sizeof(apache[0]) };

static bool is_nginx_name(const char *row, const char *name, size_t length)
{
    size_t own = strlen(row);

    return row[own - 1] == '*'
               ? length >= own - 1 && memcmp(row, name, own - 1) == 0
               : length == own && memcmp(row, name, own) == 0;
}

const struct csi_log_name *csi_nginx_name(const char *name, size_t length)
{
    const struct csi_log_name *row = nginx;

    while (!is_nginx_name(row->from, name, length))
        row++;
    return row;
}

static bool is_from(const struct csi_log_name *row, const char *letters,
                    size_t length)
{
    return strlen(row->from) == length &&
           memcmp(row->from, letters, length) == 0;
}

static bool takes_argument(const struct csi_log_name *row, const char *argument,
                           size_t length)
{
    if (!row->argument || !argument)
        return !row->argument && !argument;
    if (strcmp(row->argument, "*") == 0)
        return length > 0;
    return strlen(row->argument) == length &&
           strncasecmp(row->argument, argument, length) == 0;
}

const struct csi_log_name *csi_apache_name(const char *letters, size_t length,
                                           const char *argument,
                                           size_t argument_length)
{
    for (size_t i = 0; i < APACHE_ROWS; i++)
        if (is_from(&apache[i], letters, length) &&
            takes_argument(&apache[i], argument, argument_length))
            return &apache[i];
    return NULL;
}

bool csi_apache_has(const char *letters, size_t length)
{
    for (size_t i = 0; i < APACHE_ROWS; i++)
        if (is_from(&apache[i], letters, length))
            return true;
    return false;
}
