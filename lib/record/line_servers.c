/* SPDX-License-Identifier: MIT */
/* Forms of lines that servers write, as their manuals have them. Layouts that
   say more come first. */
#include "record/line_servers.h"

#include "record/line_layout.h"
#include "record/line_time.h"

#define N                            CSI_LINE_FIELD
#define P                            CSI_PART
#define T(before, looks, field)      CSI_PART_OF(before, TIME, field, looks)
#define ONE_OF(before, bytes, field) CSI_PART_OF(before, ONE_OF, field, bytes)
#define NO                           CSI_LINE_NO_FIELD

/* ---- Databases ----------------------------------------------------------- */

/* Redis, server.c: X is a sentinel, C a child, S a replica, M a master. */
static const struct cosend_line_field redis_fields[] = {
    N("pid"), N("role"), N("time"), N("level"), N("message")};

static const struct csi_line_part redis[] = {
    P("", NUMBER, 0), ONE_OF(":", "XCSM", 1),
    T(" ", "dd M dddd dd:dd:ddF|dd M dd:dd:ddF", 2), ONE_OF(" ", ".-*#", 3),
    P(" ", REST, 4)};
static const struct csi_line_part redis_old[] = {
    P("[", NUMBER, 0), T("] ", "dd M dddd dd:dd:ddF|dd M dd:dd:ddF", 2),
    ONE_OF(" ", ".-*#", 3), P(" ", REST, 4)};

CSI_LINE_FORM(redis,
              "Logs of Redis and Valkey: role is X, C, S or M, level . - * or "
              "#.",
              "4821:M 10 Oct 2026 13:55:36.123 * Ready to accept connections",
              CSI_LAYOUT(redis), CSI_LAYOUT(redis_old));

/* PostgreSQL, Error Reporting and Logging: log_line_prefix. Its default; that
   of Debian; that which pgBadger asks for. */
static const struct cosend_line_field postgres_fields[] = {
    N("time"), N("pid"),  N("session_line"), N("user"),   N("database"),
    N("app"),  N("host"), N("level"),        N("message")};

static const struct csi_line_part postgres[] = {
    T("", CSI_ISOL, 0), P(" [", NUMBER, 1), P("] ", LEVEL, 7),
    P(":  ", REST, 8)};
static const struct csi_line_part postgres_user[] = {
    T("", CSI_ISOL, 0), P(" [", NUMBER, 1), P("] ", UPTO, 3),
    P("@", UPTO, 4),    P(" ", LEVEL, 7),   P(":  ", REST, 8)};
#define POSTGRES_TAIL P(" ", LEVEL, 7), P(":  ", REST, 8)
/* ": [%l-1]" may lack. */
#define POSTGRES_LINE                                                          \
    T("", CSI_ISOL, 0), P(" [", NUMBER, 1), CSI_TEXT("]:"),                    \
        CSI_MAYBE(2, " [", NUMBER, 2, NULL), CSI_TEXT("-1]")
static const struct csi_line_part postgres_client[] = {
    POSTGRES_LINE,       P(" user=", UPTO, 3),   P(",db=", UPTO, 4),
    P(",app=", UPTO, 5), P(",client=", UPTO, 6), POSTGRES_TAIL};
static const struct csi_line_part postgres_pair[] = {
    POSTGRES_LINE, P(" user=", UPTO, 3), P(",db=", UPTO, 4), POSTGRES_TAIL};
static const struct csi_line_part postgres_pair_turned[] = {
    POSTGRES_LINE, P(" db=", UPTO, 4), P(",user=", UPTO, 3), POSTGRES_TAIL};
static const struct csi_line_part postgres_line_user[] = {
    POSTGRES_LINE, P(" ", UPTO, 3), P("@", UPTO, 4), POSTGRES_TAIL};
static const struct csi_line_part postgres_line[] = {POSTGRES_LINE,
                                                     POSTGRES_TAIL};
/* Amazon's "%t:%r:%u@%d:[%p]:", and "< %m >" of packages of 9.x for Red Hat */
static const struct csi_line_part postgres_remote[] = {
    T("", CSI_ISOL, 0), P(":", UPTO, 6),   P(":", INNER, 3), P("@", UPTO, 4),
    P(":[", NUMBER, 1), P("]:", LEVEL, 7), P(":  ", REST, 8)};
static const struct csi_line_part postgres_angles[] = {
    T("< ", CSI_ISOL, 0), P(" >", LEVEL, 7), P(":  ", REST, 8)};
static const struct csi_line_part postgres_angles_blank[] = {
    T("< ", CSI_ISOL, 0), CSI_TEXT(" >"), POSTGRES_TAIL};

CSI_LINE_FORM(postgres,
              "Logs of PostgreSQL with its default log_line_prefix, and those "
              "of Debian, Red Hat, Amazon and pgBadger; the option postgres "
              "takes any other.",
              "2026-10-10 13:55:36.123 UTC [4821] LOG:  checkpoint starting",
              CSI_LAYOUT(postgres), CSI_LAYOUT(postgres_user),
              CSI_LAYOUT(postgres_client), CSI_LAYOUT(postgres_pair),
              CSI_LAYOUT(postgres_pair_turned), CSI_LAYOUT(postgres_line),
              CSI_LAYOUT(postgres_line_user), CSI_LAYOUT(postgres_remote),
              CSI_LAYOUT(postgres_angles), CSI_LAYOUT(postgres_angles_blank));

/* PgBouncer: lib/usual/logging.c */
static const struct cosend_line_field pgbouncer_fields[] = {
    N("time"), N("pid"), N("level"), N("message")};

static const struct csi_line_part pgbouncer[] = {
    T("", CSI_ISOL, 0), P(" [", NUMBER, 1), P("] ", LEVEL, 2), P(" ", REST, 3)};
static const struct csi_line_part pgbouncer_old[] = {
    T("", CSI_ISOL, 0), P(" ", NUMBER, 1), P(" ", LEVEL, 2), P(" ", REST, 3)};

CSI_LINE_FORM(pgbouncer, "Logs of PgBouncer.",
              "2026-10-10 13:55:36.123 UTC [4821] LOG process up",
              CSI_LAYOUT(pgbouncer), CSI_LAYOUT(pgbouncer_old));

/* MySQL, The Error Log: of 8.0, of 5.7 and MariaDB, and older ones */
static const struct cosend_line_field mysql_error_fields[] = {
    N("time"), N("thread"),    N("level"),
    N("code"), N("subsystem"), N("message")};

#define MYSQL_HEAD T("", CSI_ISO, 0), CSI_PADDED(" ", NUMBER, 1)
#define MYSQL_OLD  T("", "dddddd DD:dd:dd", 0)

static const struct csi_line_part mysql_code[] = {
    MYSQL_HEAD, P(" [", WORD, 2), P("] [", WORD, 3), P("] [", WORD, 4),
    P("] ", REST, 5)};
static const struct csi_line_part mysql_level[] = {MYSQL_HEAD, P(" [", WORD, 2),
                                                   P("] ", REST, 5)};
static const struct csi_line_part mysql_old_level[] = {
    MYSQL_OLD, P(" [", WORD, 2), P("] ", REST, 5)};
static const struct csi_line_part mysql_old[] = {MYSQL_OLD, P(" ", REST, 5)};

CSI_LINE_FORM(mysql_error, "Error logs of MySQL and MariaDB.",
              "2026-10-10T13:55:36.123456Z 0 [System] [MY-010931] [Server] "
              "mysqld: ready for connections.",
              CSI_LAYOUT(mysql_code), CSI_LAYOUT(mysql_level),
              CSI_LAYOUT(mysql_old_level), CSI_LAYOUT(mysql_old));

/* ---- Web servers --------------------------------------------------------- */

/* Apache HTTP Server, ErrorLogFormat: that of 2.4, and that of 2.2 */
static const struct cosend_line_field apache_error_fields[] = {
    N("time"), N("module"),  N("level"), N("pid"),    N("tid"),    N("file"),
    N("line"), N("os_code"), N("error"), N("client"), N("message")};

/* ErrorLogFormat's default: "[%{u}t] [%-m:%l] [pid %P:tid %T] %7F: %E: [client
   %a] %M", of which %F is there at levels from debug on. */
#define APACHE_TIME "W M DD dd:dd:ddF dddd"
#define APACHE_PROCESS                                                         \
    CSI_TEXT("] "), CSI_MAYBE(3, "[pid ", NUMBER, 3, NULL),                    \
        CSI_MAYBE(1, ":tid ", NUMBER, 4, NULL), CSI_TEXT("] ")
#define APACHE_MODULE                                                          \
    T("[", APACHE_TIME, 0), CSI_PART_OF("] [", WORD, 1, ":"),                  \
        P(":", LEVEL, 2), APACHE_PROCESS
#define APACHE_NO_MODULE                                                       \
    T("[", APACHE_TIME, 0), P("] [:", LEVEL, 2), APACHE_PROCESS
#define APACHE_OLD T("[", APACHE_TIME, 0), P("] [", LEVEL, 2), CSI_TEXT("] ")
#define APACHE_FILE                                                            \
    CSI_PART_OF("", NAMED, 5, ".c"), P("(", NUMBER, 6), CSI_TEXT("): ")
#define APACHE_SYSTEM P("(", SIGNED, 7), P(")", UPTO, 8), CSI_TEXT(": ")
#define APACHE_MESSAGE                                                         \
    CSI_MAYBE(2, "[client ", UPTO, 9, "] "), CSI_TEXT("] "), P("", REST, 10)

static const struct csi_line_part apache_file_system[] = {
    APACHE_MODULE, APACHE_FILE, APACHE_SYSTEM, APACHE_MESSAGE};
static const struct csi_line_part apache_file[] = {APACHE_MODULE, APACHE_FILE,
                                                   APACHE_MESSAGE};
static const struct csi_line_part apache_system[] = {
    APACHE_MODULE, APACHE_SYSTEM, APACHE_MESSAGE};
static const struct csi_line_part apache_plain[] = {APACHE_MODULE,
                                                    APACHE_MESSAGE};
static const struct csi_line_part apache_no_module_system[] = {
    APACHE_NO_MODULE, APACHE_SYSTEM, APACHE_MESSAGE};
static const struct csi_line_part apache_no_module[] = {APACHE_NO_MODULE,
                                                        APACHE_MESSAGE};
static const struct csi_line_part apache_old_system[] = {
    APACHE_OLD, APACHE_SYSTEM, APACHE_MESSAGE};
/* 2.2 has it behind the client. */
static const struct csi_line_part apache_old_client_system[] = {
    APACHE_OLD, P("[client ", UPTO, 9), CSI_TEXT("] "), APACHE_SYSTEM,
    P("", REST, 10)};
static const struct csi_line_part apache_old[] = {APACHE_OLD, APACHE_MESSAGE};

CSI_LINE_FORM(apache_error,
              "Error logs of Apache, 2.4's and older ones; os_code and error "
              "are what the system said, (2)No such file or directory.",
              "[Sat Oct 10 13:55:36.123456 2026] [core:error] [pid 4821:tid "
              "77] [client 192.0.2.1:54321] AH00126: Invalid URI",
              CSI_LAYOUT(apache_file_system), CSI_LAYOUT(apache_file),
              CSI_LAYOUT(apache_system), CSI_LAYOUT(apache_plain),
              CSI_LAYOUT(apache_no_module_system), CSI_LAYOUT(apache_no_module),
              CSI_LAYOUT(apache_old_system),
              CSI_LAYOUT(apache_old_client_system), CSI_LAYOUT(apache_old));

/* nginx, ngx_log.c, and ngx_http_log_error in ngx_http_request.c */
static const struct cosend_line_field nginx_error_fields[] = {
    N("time"),     N("level"),    N("pid"),    N("tid"),    N("connection"),
    N("message"),  N("client"),   N("server"), N("method"), N("path"),
    N("protocol"), N("upstream"), N("host"),   N("referer")};

#define NGINX_HEAD                                                             \
    T("", "dddd/dd/dd dd:dd:dd", 0), P(" [", LEVEL, 1), P("] ", NUMBER, 2),    \
        P("#", NUMBER, 3), CSI_TEXT(": "), CSI_MAYBE(2, "*", NUMBER, 4, NULL), \
        CSI_TEXT(" ")
#define NGINX_QUOTED(name, kind, field)                                        \
    CSI_MAYBE(2, ", " name ": \"", kind, field, "\""), CSI_TEXT("\"")

static const struct csi_line_part nginx_error_request[] = {
    NGINX_HEAD,
    P("", UPTO, 5),
    CSI_PART_OF(", client: ", EITHER, 6, ","),
    CSI_MAYBE(1, ", server: ", EITHER, 7, ","),
    NGINX_QUOTED("request", REQUEST, 8),
    NGINX_QUOTED("subrequest", UPTO, NO),
    NGINX_QUOTED("upstream", UPTO, 11),
    NGINX_QUOTED("host", UPTO, 12),
    NGINX_QUOTED("referrer", UPTO, 13)};
static const struct csi_line_part nginx_error[] = {NGINX_HEAD, P("", REST, 5)};

CSI_LINE_FORM(nginx_error,
              "Error logs of nginx; what follows the message is there where a "
              "request was served.",
              "2026/10/10 13:55:36 [error] 4821#4821: *7 open() \"/x\" failed "
              "(2: No such file or directory), client: 192.0.2.1, server: "
              "example.org, request: \"GET /x HTTP/1.1\", host: "
              "\"example.org\"",
              CSI_LAYOUT(nginx_error_request), CSI_LAYOUT(nginx_error));

/* HAProxy Configuration Manual, 8.2.3 HTTP log format and 8.2.2 TCP log format,
   behind a header of syslog or none */
static const struct cosend_line_field haproxy_fields[] = {
    N("pid"),
    N("host"),
    N("client_port"),
    N("time"),
    N("frontend"),
    N("backend"),
    N("server"),
    N("request_time"),
    N("queue_time"),
    N("connect_time"),
    N("response_time"),
    N("total_time"),
    N("status"),
    N("size"),
    N("request_cookie"),
    N("response_cookie"),
    N("termination_state"),
    N("actconn"),
    N("feconn"),
    N("beconn"),
    N("srv_conn"),
    N("retries"),
    N("srv_queue"),
    N("backend_queue"),
    N("request_headers"),
    N("response_headers"),
    N("method"),
    N("path"),
    N("protocol"),
    N("bind"),
    N("message")};

#define HAPROXY_CLIENT                                                         \
    P("", ADDRESS, 1), P(":", NUMBER, 2), T(" [", "dd/M/dddd:dd:dd:ddF", 3),   \
        P("] ", WORD, 4)
#define HAPROXY_HEAD HAPROXY_CLIENT, P(" ", WORD, 5), P("/", WORD, 6)
#define HAPROXY_COUNTS                                                         \
    P(" ", NUMBER, 17), P("/", NUMBER, 18), P("/", NUMBER, 19),                \
        P("/", NUMBER, 20), P("/", SIGNED, 21), P(" ", NUMBER, 22),            \
        P("/", NUMBER, 23)
#define HAPROXY_HTTP                                                           \
    HAPROXY_HEAD, P(" ", SIGNED, 7), P("/", SIGNED, 8), P("/", SIGNED, 9),     \
        P("/", SIGNED, 10), P("/", SIGNED, 11), P(" ", SIGNED, 12),            \
        P(" ", SIGNED, 13), P(" ", WORD, 14), P(" ", WORD, 15),                \
        P(" ", WORD, 16), HAPROXY_COUNTS, CSI_MAYBE(2, " {", UPTO, 24, "}"),   \
        CSI_TEXT("}"), CSI_MAYBE(2, " {", UPTO, 25, "}"), CSI_TEXT("}"),       \
        CSI_PART_OF(" \"", REQUEST, 26, "\""), CSI_TEXT("\"")
#define HAPROXY_TCP                                                            \
    HAPROXY_HEAD, P(" ", SIGNED, 8), P("/", SIGNED, 9), P("/", SIGNED, 11),    \
        P(" ", SIGNED, 13), P(" ", WORD, 16), HAPROXY_COUNTS
/* Oct 10 13:55:36 host haproxy[4821]: perhaps with a priority in front */
#define SYSLOG_HEAD                                                            \
    CSI_MAYBE(2, "<", NUMBER, NO, NULL), CSI_TEXT(">"),                        \
        T("", "M DD dd:dd:ddF|" CSI_ISO_T, NO), P(" ", WORD, NO),              \
        P(" ", WORD, NO), P("[", NUMBER, 0), CSI_TEXT("]: ")

/* Error log format: of connections that came to nothing */
#define HAPROXY_ERROR HAPROXY_CLIENT, P("/", WORD, 29), P(": ", REST, 30)

static const struct csi_line_part haproxy_http[] = {HAPROXY_HTTP};
static const struct csi_line_part haproxy_tcp[] = {HAPROXY_TCP};
static const struct csi_line_part haproxy_syslog_http[] = {SYSLOG_HEAD,
                                                           HAPROXY_HTTP};
static const struct csi_line_part haproxy_syslog_tcp[] = {SYSLOG_HEAD,
                                                          HAPROXY_TCP};
static const struct csi_line_part haproxy_error[] = {HAPROXY_ERROR};
static const struct csi_line_part haproxy_syslog_error[] = {SYSLOG_HEAD,
                                                            HAPROXY_ERROR};

CSI_LINE_FORM(haproxy,
              "HAProxy's HTTP log, TCP log and errors, with a header of syslog "
              "or none; times are in milliseconds, -1 where it did not come to "
              "that; headers in braces are the request's, and if there are two "
              "of them the second one's are the response's.",
              "192.0.2.1:54321 [10/Oct/2026:13:55:36.123] web app/s1 "
              "10/0/30/69/109 200 2750 - - ---- 1/1/1/1/0 0/0 \"GET /x "
              "HTTP/1.1\"",
              CSI_LAYOUT(haproxy_syslog_http), CSI_LAYOUT(haproxy_syslog_tcp),
              CSI_LAYOUT(haproxy_syslog_error), CSI_LAYOUT(haproxy_http),
              CSI_LAYOUT(haproxy_tcp), CSI_LAYOUT(haproxy_error));

/* uWSGI, Formatting uWSGI requests logs: the default */
static const struct cosend_line_field uwsgi_fields[] = {
    N("pid"),      N("app"),    N("request"), N("host"),       N("user"),
    N("time"),     N("method"), N("path"),    N("size"),       N("duration_ms"),
    N("protocol"), N("status"), N("core"),    N("duration_us")};

#define UWSGI(unit, duration)                                                  \
    {                                                                          \
        P("[pid: ", NUMBER, 0), P("|app: ", WORD, 1), P("|req: ", WORD, 2),    \
            P("] ", WORD, 3), P(" (", UPTO, 4), P(") {", NUMBER, NO),          \
            P(" vars in ", NUMBER, NO),                                        \
            T(" bytes} [", "W M DD dd:dd:dd dddd", 5), P("] ", WORD, 6),       \
            P(" ", UPTO, 7), P(" => generated ", NUMBER, 8),                   \
            P(" bytes in ", NUMBER, duration), P(unit, WORD, 10),              \
            P(" ", NUMBER, 11), P(") ", NUMBER, NO),                           \
            P(" headers in ", NUMBER, NO), P(" bytes (", NUMBER, NO),          \
            P(" switches on core ", NUMBER, 12), CSI_TEXT(")")                 \
    }

static const struct csi_line_part uwsgi[] = UWSGI(" msecs (", 9);
static const struct csi_line_part uwsgi_micros[] = UWSGI(" micros (", 13);

CSI_LINE_FORM(uwsgi,
              "Request logs of uWSGI; with log-micros it has duration_us in "
              "place of duration_ms.",
              "[pid: 4821|app: 0|req: 1/1] 192.0.2.1 () {42 vars in 700 bytes} "
              "[Sat Oct 10 13:55:36 2026] GET /x => generated 600 bytes in 30 "
              "msecs (HTTP/1.1 200) 3 headers in 100 bytes (1 switches on core "
              "0)",
              CSI_LAYOUT(uwsgi), CSI_LAYOUT(uwsgi_micros));

/* ---- Containers ---------------------------------------------------------- */

/* Kubernetes, CRI: docs/proposals/kubelet-cri-logging */
static const struct cosend_line_field cri_fields[] = {N("time"), N("stream"),
                                                      N("tag"), N("message")};

static const struct csi_line_part cri[] = {T("", CSI_ISO_T, 0), P(" ", WORD, 1),
                                           ONE_OF(" ", "FP", 2),
                                           P(" ", REST, 3)};

CSI_LINE_FORM(cri,
              "Logs of containers under containerd and CRI-O; tag is P where "
              "the next line goes on, which `rejoin cri` joins to it.",
              "2026-10-10T13:55:36.123456789Z stdout F started",
              CSI_LAYOUT(cri));
