/* SPDX-License-Identifier: MIT */
/*
 * Forms of access logs, row by row as their manuals have them. What combined
 * has is called as there (the client is host, the status that it was sent
 * status, the bytes that it was sent size), all else as in the manual.
 */
#include "record/access_log_forms.h"

#include "record/access_log.h"
#include "record/access_log_plain.h"

#define F           CSI_LOG_FIELD
#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

/* A form whose rows have its name, and what it has beside them. */
#define FORM(rows, text, ...)                                                  \
    const struct cosend_access_log csi_access_log_##rows = {                   \
        .name = #rows,                                                         \
        .help = text,                                                          \
        .fields = rows,                                                        \
        .count = COUNT(rows),                                                  \
        .after = "",                                                           \
        .cut_plain = csi_access_log_walk,                                      \
        __VA_ARGS__}

/* From the user to the agent, as most servers have them. */
#define USER_TO_AGENT                                                          \
    F("user", USER, " - "), F("time", TIME, " "), CSI_LOG_REQUEST(" "),        \
        F("status", STATUS, " "), F("size", NUMBER, " "),                      \
        F("referer", QUOTED, " "), F("agent", QUOTED, " ")

/* nginx, conf/nginx.conf: log_format main */
static const struct cosend_access_log_field nginx_main[] = {
    F("host", HOST, ""),
    USER_TO_AGENT,
    F("http_x_forwarded_for", QUOTED, " "),
    F("rest", REST, ""),
};

FORM(nginx_main, "The format main of the settings that nginx comes with.",
     .has_rest = true);

/* Traefik Proxy, Observability: Access Logs, Common Log Format */
static const struct cosend_access_log_field traefik[] = {
    F("host", HOST, ""),
    USER_TO_AGENT,
    F("request_count", NUMBER, " "),
    F("router", QUOTED, " "),
    F("server_url", QUOTED, " "),
    F("duration_ms", NUMBER, " "),
    F("rest", REST, "ms"),
};

FORM(traefik, "Traefik's usual access log, in the common format.",
     .has_rest = true);

/* Elastic Load Balancing, Classic Load Balancers: Access log entries */
static const struct cosend_access_log_field elb[] = {
    F("time", WORD, ""),
    F("elb", WORD, " "),
    F("host", ADDRESS, " "),
    F("client_port", NUMBER, ":"),
    F("backend", WORD, " "),
    F("request_processing_time", WORD, " "),
    F("backend_processing_time", WORD, " "),
    F("response_processing_time", WORD, " "),
    F("status", STATUS, " "),
    /* 0 where none answered */
    F("backend_status_code", NUMBER, " "),
    F("received_bytes", NUMBER, " "),
    F("size", NUMBER, " "),
    CSI_LOG_REQUEST(" "),
    F("agent", QUOTED, " "),
    F("ssl_cipher", WORD, " "),
    F("ssl_protocol", TAIL, " "),
    F("rest", REST, ""),
};

FORM(elb, "Classic load balancers of Amazon.", .has_rest = true,
     .is_strict = true);

/* Elastic Load Balancing, Application Load Balancers: Access log entries. The
   last four came later. */
static const struct cosend_access_log_field alb[] = {
    F("type", WORD, ""),
    F("time", WORD, " "),
    F("elb", WORD, " "),
    F("host", ADDRESS, " "),
    F("client_port", NUMBER, ":"),
    F("target", WORD, " "),
    F("request_processing_time", WORD, " "),
    F("target_processing_time", WORD, " "),
    F("response_processing_time", WORD, " "),
    F("status", STATUS, " "),
    F("target_status_code", STATUS, " "),
    F("received_bytes", NUMBER, " "),
    F("size", NUMBER, " "),
    CSI_LOG_REQUEST(" "),
    F("agent", QUOTED, " "),
    F("ssl_cipher", WORD, " "),
    F("ssl_protocol", WORD, " "),
    F("target_group_arn", WORD, " "),
    F("trace_id", QUOTED, " "),
    F("domain_name", QUOTED, " "),
    F("chosen_cert_arn", QUOTED, " "),
    F("matched_rule_priority", WORD, " "),
    F("request_creation_time", WORD, " "),
    F("actions_executed", QUOTED, " "),
    F("redirect_url", QUOTED, " "),
    F("error_reason", QUOTED, " "),
    F("target_port_list", QUOTED, " "),
    F("target_status_code_list", QUOTED, " "),
    F("classification", QUOTED, " "),
    F("classification_reason", QUOTED, " "),
    F("conn_trace_id", TAIL, " "),
    F("transformed_host", QUOTED, " "),
    F("transformed_uri", QUOTED, " "),
    F("request_transform_status", QUOTED, " "),
    F("rest", REST, ""),
};

FORM(alb, "Application load balancers of Amazon; lines may lack the last four.",
     .least = COUNT(alb) - 5, .has_rest = true);

/* Amazon Simple Storage Service: Server access log format */
static const struct cosend_access_log_field s3[] = {
    F("bucket_owner", WORD, ""),
    F("bucket", WORD, " "),
    F("time", TIME, " "),
    F("host", WORD, " "),
    F("requester", WORD, " "),
    F("request_id", WORD, " "),
    F("operation", WORD, " "),
    F("key", WORD, " "),
    CSI_LOG_REQUEST(" "),
    F("status", STATUS, " "),
    F("error_code", WORD, " "),
    F("size", NUMBER, " "),
    F("object_size", NUMBER, " "),
    F("total_time", NUMBER, " "),
    F("turn_around_time", NUMBER, " "),
    F("referer", QUOTED, " "),
    F("agent", QUOTED, " "),
    F("version_id", WORD, " "),
    F("host_id", WORD, " "),
    F("signature_version", WORD, " "),
    F("cipher_suite", WORD, " "),
    F("authentication_type", WORD, " "),
    F("vhost", WORD, " "),
    F("tls_version", WORD, " "),
    F("access_point_arn", WORD, " "),
    F("acl_required", TAIL, " "),
    F("rest", REST, ""),
};

FORM(s3, "Server access logs of Amazon S3.", .has_rest = true,
     .is_strict = true);

/* Amazon CloudFront: Standard logging reference, Log file fields. Tabs are
   between them. */
#define T(name) CSI_LOG_ENDS(name, UPTO, "\t", '\t')
static const struct cosend_access_log_field cloudfront[] = {
    CSI_LOG_ENDS("date", UPTO, "", '\t'),
    T("time"),
    T("x_edge_location"),
    F("size", NUMBER, "\t"),
    T("host"),
    T("method"),
    T("vhost"),
    T("path"),
    F("status", STATUS, "\t"),
    T("referer"),
    T("agent"),
    T("query"),
    T("cookie"),
    T("x_edge_result_type"),
    T("x_edge_request_id"),
    T("x_host_header"),
    T("cs_protocol"),
    F("received_bytes", NUMBER, "\t"),
    T("time_taken"),
    T("x_forwarded_for"),
    T("ssl_protocol"),
    T("ssl_cipher"),
    T("x_edge_response_result_type"),
    T("protocol"),
    T("fle_status"),
    T("fle_encrypted_fields"),
    F("client_port", NUMBER, "\t"),
    T("time_to_first_byte"),
    T("x_edge_detailed_result_type"),
    T("sc_content_type"),
    F("sc_content_len", NUMBER, "\t"),
    F("sc_range_start", NUMBER, "\t"),
    F("sc_range_end", NUMBER, "\t"),
};

FORM(cloudfront,
     "Standard logs of Amazon CloudFront; lines that begin with # are "
     "dropped.",
     .comment = '#');
