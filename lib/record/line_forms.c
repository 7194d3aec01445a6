/* SPDX-License-Identifier: MIT */
/*
 * Forms of lines that programs write by what they log with, as the manuals of
 * that have them. Layouts that say more come first. Of a form whose layouts are
 * what people set, these are those that its manual and well-known programs
 * have.
 */
#include "record/line_forms.h"

#include "record/line_layout.h"
#include "record/line_time.h"

#define N                            CSI_LINE_FIELD
#define P                            CSI_PART
#define T(before, looks, field)      CSI_PART_OF(before, TIME, field, looks)
#define ONE_OF(before, bytes, field) CSI_PART_OF(before, ONE_OF, field, bytes)

/* ---- klog, glog ---------------------------------------------------------- */

/* Kubernetes, k8s.io/klog: Lmmdd hh:mm:ss.uuuuuu threadid file:line] msg */
#define BEHIND_GLOG_TIME                                                       \
    CSI_PADDED(" ", NUMBER, 2), P(" ", WORD, 3), P(":", NUMBER, 4),            \
        P("] ", REST, 5)

static const struct cosend_line_field klog_fields[] = {
    N("level"), N("time"), N("tid"), N("file"), N("line"), N("message")};

static const struct csi_line_part klog[] = {
    ONE_OF("", "IWEF", 0), T("", "dddd dd:dd:ddF", 1), BEHIND_GLOG_TIME};

CSI_LINE_FORM(klog, "Logs of Kubernetes; level is I, W, E or F.",
              "I1010 13:55:36.123456       1 main.go:12] started",
              CSI_LAYOUT(klog));

/* Google Logging Library: the date has a year since 0.5. */
#define glog_fields klog_fields

static const struct csi_line_part glog[] = {
    ONE_OF("", "IWEF", 0), T("", "dddddddd dd:dd:ddF|dddd dd:dd:ddF", 1),
    BEHIND_GLOG_TIME};

CSI_LINE_FORM(glog, "Logs of Google's glog; level is I, W, E or F.",
              "I20261010 13:55:36.123456  4821 main.cc:12] started",
              CSI_LAYOUT(glog));

/* ---- log4j --------------------------------------------------------------- */

static const struct cosend_line_field log4j_fields[] = {
    N("time"),    N("level"),  N("pid"),  N("app"),  N("thread"),
    N("context"), N("logger"), N("file"), N("line"), N("message")};

/* Spring Boot, Logging, Log Format */
static const struct csi_line_part spring[] = {
    T("", CSI_ISO, 0),         CSI_PADDED(" ", LEVEL, 1),
    P(" ", NUMBER, 2),         CSI_PADDED(" --- [", UPTO, 4),
    CSI_PADDED("] ", WORD, 6), P(" : ", REST, 9)};

/* The same with the name of the program, since 3.4; with the ids of a trace;
   and with them behind the level, of Spring Cloud Sleuth */
#define SPRING_HEAD                                                            \
    T("", CSI_ISO, 0), CSI_PADDED(" ", LEVEL, 1), P(" ", NUMBER, 2)
#define SPRING_TAIL CSI_PADDED("] ", WORD, 6), P(" : ", REST, 9)

static const struct csi_line_part spring_app[] = {
    SPRING_HEAD, P(" --- [", UPTO, 3), CSI_PADDED("] [", UPTO, 4), SPRING_TAIL};
static const struct csi_line_part spring_trace[] = {
    SPRING_HEAD, CSI_PADDED(" --- [", UPTO, 4), CSI_PADDED("] [", TRACE, 5),
    SPRING_TAIL};
static const struct csi_line_part spring_app_trace[] = {
    SPRING_HEAD, P(" --- [", UPTO, 3), CSI_PADDED("] [", UPTO, 4),
    CSI_PADDED("] [", TRACE, 5), SPRING_TAIL};
static const struct csi_line_part spring_sleuth[] = {
    T("", CSI_ISO, 0),  CSI_PADDED(" ", LEVEL, 1),     P(" [", UPTO, 5),
    P("] ", NUMBER, 2), CSI_PADDED(" --- [", UPTO, 4), SPRING_TAIL};

/* %d %-5p [%t] %c: %m */
static const struct csi_line_part level_first[] = {
    T("", CSI_ISO, 0), CSI_PADDED(" ", LEVEL, 1), P(" [", UPTO, 4),
    P("] ", WORD, 6), P(": ", REST, 9)};

/* %d %-5p [%t] %c - %m */
static const struct csi_line_part level_first_dash[] = {
    T("", CSI_ISO, 0), CSI_PADDED(" ", LEVEL, 1), P(" [", UPTO, 4),
    CSI_PADDED("] ", WORD, 6), P(" - ", REST, 9)};

/* %d %-5p [%-25t] %-25c : %m, after Spring Boot's */
static const struct csi_line_part level_first_colon[] = {
    T("", CSI_ISO, 0), CSI_PADDED(" ", LEVEL, 1), CSI_PADDED(" [", UPTO, 4),
    CSI_PADDED("] ", WORD, 6), P(" : ", REST, 9)};

/* %d [%t] %-5p %c - %m, as in log4j's own examples */
static const struct csi_line_part thread_first[] = {
    T("", CSI_ISO, 0), P(" [", UPTO, 4), CSI_PADDED("] ", LEVEL, 1),
    CSI_PADDED(" ", WORD, 6), P(" - ", REST, 9)};

/* The same without a date, as logback has it where nothing is set */
static const struct csi_line_part no_date[] = {
    T("", "dd:dd:dd.ddd", 0), P(" [", UPTO, 4), CSI_PADDED("] ", LEVEL, 1),
    CSI_PADDED(" ", WORD, 6), P(" - ", REST, 9)};

/* The same with pairs between the dashes, as newer ones have it */
static const struct csi_line_part no_date_pairs[] = {
    T("", "dd:dd:dd.ddd", 0),   P(" [", UPTO, 4),
    CSI_PADDED("] ", LEVEL, 1), CSI_PADDED(" ", WORD, 6),
    CSI_PADDED(" -", UPTO, 5),  P("- ", REST, 9)};

/* %d - %-5p [%t] - %m, and %d - %-5p [%t:%C{1}@%L] - %m, of ZooKeeper */
#define ZOOKEEPER_TAIL                                                         \
    CSI_PADDED(" - ", LEVEL, 1), P(" [", UPTO, 4), P("] - ", REST, 9)
#define ZOOKEEPER_CALLER                                                       \
    CSI_PADDED(" - ", LEVEL, 1), P(" [", UPTO, 4), P(":", CLASS, 6),           \
        P("@", NUMBER, 8), P("] - ", REST, 9)

static const struct csi_line_part zookeeper[] = {T("", CSI_ISO, 0),
                                                 ZOOKEEPER_TAIL};
static const struct csi_line_part zookeeper_caller[] = {T("", CSI_ISO, 0),
                                                        ZOOKEEPER_CALLER};

/* The same with [myid:%X{myid}] in front of the level */
#define ZOOKEEPER_ID T("", CSI_ISO, 0), P(" [myid:", UPTO, 5)
static const struct csi_line_part zookeeper_id[] = {ZOOKEEPER_ID, CSI_TEXT("]"),
                                                    ZOOKEEPER_TAIL};
static const struct csi_line_part zookeeper_id_caller[] = {
    ZOOKEEPER_ID, CSI_TEXT("]"), ZOOKEEPER_CALLER};

/* %-5level [%thread] %date %F:%L - %msg, of Cassandra */
static const struct csi_line_part cassandra[] = {
    CSI_PADDED("", LEVEL, 1), P(" [", UPTO, 4),  T("] ", CSI_ISO, 0),
    P(" ", WORD, 7),          P(":", NUMBER, 8), P(" - ", REST, 9)};

/* [%d][%-5p][%-25c{1.}] %m, of Elasticsearch */
static const struct csi_line_part elasticsearch[] = {
    T("[", CSI_ISO, 0), CSI_PADDED("][", LEVEL, 1), CSI_PADDED("][", WORD, 6),
    P("] ", REST, 9)};

/* [%d] %p %m (%c), of Kafka */
static const struct csi_line_part kafka_logger[] = {
    T("[", CSI_ISO, 0), CSI_PADDED("] ", LEVEL, 1), P(" ", MESSAGE, 9),
    P(" (", DOTTED, 6), CSI_TEXT(")")};

/* The same without the logger */
static const struct csi_line_part kafka[] = {
    T("[", CSI_ISO, 0), CSI_PADDED("] ", LEVEL, 1), P(" ", REST, 9)};

/* Tomcat, Logging: OneLineFormatter */
static const struct csi_line_part tomcat[] = {
    T("", "dd-M-dddd dd:dd:ddF", 0), CSI_PADDED(" ", LEVEL, 1),
    P(" [", UPTO, 4), P("] ", WORD, 6), P(" ", REST, 9)};

/* The same with what a pipeline is called, of Logstash */
static const struct csi_line_part logstash[] = {
    T("[", CSI_ISO, 0), CSI_PADDED("][", LEVEL, 1), CSI_PADDED("][", WORD, 6),
    P("][", UPTO, 5), P("] ", REST, 9)};

/* [%d][%t][%l][%n] %v, of Envoy */
static const struct csi_line_part envoy[] = {
    T("[", CSI_ISO, 0), P("][", NUMBER, 4), P("][", LEVEL, 1), P("][", WORD, 6),
    P("] ", REST, 9)};

/* [%d %p %c] %m, of Rust's env_logger */
static const struct csi_line_part env_logger[] = {
    T("[", CSI_ISO, 0), CSI_PADDED(" ", LEVEL, 1), P(" ", WORD, 6),
    P("] ", REST, 9)};

/* %d %-5p [%c] (%t) %m, of WildFly and Keycloak */
static const struct csi_line_part wildfly[] = {
    T("", CSI_ISO "|dd:dd:ddF", 0), CSI_PADDED(" ", LEVEL, 1),
    P(" [", DOTTED, 6), P("] (", UPTO, 4), P(") ", REST, 9)};

/* %d | %-5p | %m | %c | %t, of ActiveMQ */
static const struct csi_line_part activemq[] = {
    T("", CSI_ISO, 0), CSI_PADDED(" | ", LEVEL, 1), P(" | ", MESSAGE, 9),
    P(" | ", WORD, 6), P(" | ", EITHER, 4)};

/* %d %-5p %c [%x] - %m, of Flink */
static const struct csi_line_part flink[] = {
    T("", CSI_ISO, 0), CSI_PADDED(" ", LEVEL, 1), CSI_PADDED(" ", DOTTED, 6),
    P(" [", UPTO, 5), P("] - ", REST, 9)};

/* %d %-5p %c:%L - %m, and without the line; a word that is no logger's name may
   be in front of a dash too, which has no point in it */
static const struct csi_line_part logger_line[] = {
    T("", CSI_ISO, 0), CSI_PADDED(" ", LEVEL, 1), P(" ", WORD, 6),
    P(":", NUMBER, 8), P(" - ", REST, 9)};
static const struct csi_line_part logger_dash[] = {
    T("", CSI_ISO, 0), CSI_PADDED(" ", LEVEL, 1), CSI_PADDED(" ", DOTTED, 6),
    P(" - ", REST, 9)};

/* %d %p %c: %m, of Hadoop's daemons */
static const struct csi_line_part logger_only[] = {
    T("", CSI_ISO, 0), CSI_PADDED(" ", LEVEL, 1), P(" ", WORD, 6),
    P(": ", REST, 9)};

/* %d{yy/MM/dd HH:mm:ss} %p %c{1}: %m, of Spark and Hadoop's programs */
static const struct csi_line_part spark[] = {T("", "dd/dd/dd dd:dd:dd", 0),
                                             CSI_PADDED(" ", LEVEL, 1),
                                             P(" ", WORD, 6), P(": ", REST, 9)};

/* The same by %d{yyMMdd HHmmss}, and a process behind it, of HDFS as it was */
static const struct csi_line_part hdfs[] = {T("", "dddddd dddddd", 0),
                                            P(" ", NUMBER, 2), P(" ", LEVEL, 1),
                                            P(" ", WORD, 6), P(": ", REST, 9)};

CSI_LINE_FORM(
    log4j,
    "Logs of Java programs by the patterns that log4j's manual, Spring Boot, "
    "Hadoop, Spark, ZooKeeper, Cassandra, Elasticsearch, Kafka, Tomcat, "
    "WildFly, ActiveMQ and Flink have, and those of Envoy and Rust's "
    "env_logger, each with the fields that it writes; the option log4j takes "
    "any other. context is what stands in brackets of a trace or the like. Of "
    "17/06/09 the year comes first, which date is to be told: "
    "formats=\"%y/%m/%d %H:%M:%S\".",
    "2026-10-10 13:55:36,123 INFO  [main] org.example.Main: started",
    CSI_LAYOUT(spring), CSI_LAYOUT(spring_trace), CSI_LAYOUT(spring_app_trace),
    CSI_LAYOUT(spring_app), CSI_LAYOUT(spring_sleuth), CSI_LAYOUT(level_first),
    CSI_LAYOUT(level_first_dash), CSI_LAYOUT(level_first_colon),
    CSI_LAYOUT(thread_first), CSI_LAYOUT(no_date), CSI_LAYOUT(no_date_pairs),
    CSI_LAYOUT(zookeeper_caller), CSI_LAYOUT(zookeeper),
    CSI_LAYOUT(zookeeper_id_caller), CSI_LAYOUT(zookeeper_id),
    CSI_LAYOUT(cassandra), CSI_LAYOUT(elasticsearch), CSI_LAYOUT(logstash),
    CSI_LAYOUT(envoy), CSI_LAYOUT(env_logger), CSI_LAYOUT(kafka_logger),
    CSI_LAYOUT(kafka), CSI_LAYOUT(tomcat), CSI_LAYOUT(wildfly),
    CSI_LAYOUT(activemq), CSI_LAYOUT(logger_only), CSI_LAYOUT(flink),
    CSI_LAYOUT(logger_line), CSI_LAYOUT(logger_dash), CSI_LAYOUT(spark),
    CSI_LAYOUT(hdfs));

/* ---- Python, Go, Ruby ---------------------------------------------------- */

/* Python, Logging HOWTO: basicConfig's default, and those with %(asctime)s */
static const struct cosend_line_field python_fields[] = {
    N("time"),   N("pid"),  N("process"), N("level"),
    N("logger"), N("file"), N("lineno"),  N("message")};

static const struct csi_line_part basic_config[] = {
    P("", LEVEL, 3), P(":", WORD, 4), P(":", REST, 7)};
static const struct csi_line_part by_dashes[] = {
    T("", CSI_ISO, 0), P(" - ", UPTO, 4), CSI_PADDED(" - ", LEVEL, 3),
    P(" - ", REST, 7)};
static const struct csi_line_part no_logger[] = {
    T("", CSI_ISO, 0), CSI_PADDED(" - ", LEVEL, 3), P(" - ", REST, 7)};
static const struct csi_line_part in_brackets[] = {
    T("", CSI_ISO, 0), CSI_PADDED(" [", LEVEL, 3), P("] ", WORD, 4),
    P(": ", REST, 7)};
static const struct csi_line_part by_blanks[] = {
    T("", CSI_ISO, 0), CSI_PADDED(" ", LEVEL, 3), P(" ", WORD, 4),
    P(": ", REST, 7)};
/* Flask, Logging: Basic Configuration */
static const struct csi_line_part flask[] = {
    T("[", CSI_ISO, 0), P("] ", LEVEL, 3), P(" in ", WORD, 4),
    P(": ", REST, 7)};
/* OpenStack, oslo.log */
static const struct csi_line_part oslo[] = {T("", CSI_ISO, 0),
                                            P(" ", NUMBER, 1), P(" ", LEVEL, 3),
                                            P(" ", WORD, 4), P(" ", REST, 7)};
/* Celery, worker_log_format */
static const struct csi_line_part celery[] = {
    T("[", CSI_ISO, 0), P(": ", LEVEL, 3), P("/", UPTO, 2), P("] ", REST, 7)};
/* Airflow, log_format */
static const struct csi_line_part airflow[] = {
    T("[", CSI_ISO, 0), P("] {", WORD, 5), P(":", NUMBER, 6), P("} ", LEVEL, 3),
    P(" - ", REST, 7)};
/* Gunicorn, glogging.py */
static const struct csi_line_part gunicorn[] = {
    T("[", CSI_ISO, 0), P("] [", NUMBER, 1), P("] [", LEVEL, 3),
    P("] ", REST, 7)};
/* fail2ban, logtarget */
static const struct csi_line_part fail2ban[] = {
    T("", CSI_ISO, 0), CSI_PADDED(" ", WORD, 4), P("[", NUMBER, 1),
    CSI_PADDED("]: ", LEVEL, 3), P(" ", REST, 7)};
/* Salt, log_fmt_logfile */
static const struct csi_line_part salt[] = {
    T("", CSI_ISO, 0),          CSI_PADDED(" [", UPTO, 4), P(":", NUMBER, 6),
    CSI_PADDED("][", LEVEL, 3), P("][", NUMBER, 1),        P("] ", REST, 7)};
/* Uvicorn, config.py: the level, filled up with blanks */
static const struct csi_line_part uvicorn[] = {
    P("", LEVEL, 3),
    {":  ", CSI_LINE_NONE, CSI_LINE_NO_FIELD, 0, true, NULL},
    P("", REST, 7)};

CSI_LINE_FORM(python,
              "Logs of Python's logging: its default, the usual ones with a "
              "time, and those of Flask, OpenStack, Celery, Airflow, Gunicorn, "
              "Uvicorn, fail2ban and Salt.",
              "2026-10-10 13:55:36,123 - root - WARNING - disk is full",
              CSI_LAYOUT(no_logger), CSI_LAYOUT(by_dashes),
              CSI_LAYOUT(in_brackets), CSI_LAYOUT(by_blanks), CSI_LAYOUT(flask),
              CSI_LAYOUT(oslo), CSI_LAYOUT(celery), CSI_LAYOUT(airflow),
              CSI_LAYOUT(gunicorn), CSI_LAYOUT(fail2ban), CSI_LAYOUT(salt),
              CSI_LAYOUT(basic_config), CSI_LAYOUT(uvicorn));

/* Go, package log: Ldate, Ltime, Lmicroseconds, Lshortfile, Llongfile */
static const struct cosend_line_field go_fields[] = {N("time"), N("file"),
                                                     N("line"), N("message")};

static const struct csi_line_part go_file[] = {
    T("", "dddd/dd/dd dd:dd:ddF", 0), CSI_PART_OF(" ", NAMED, 1, ".go"),
    P(":", NUMBER, 2), P(": ", REST, 3)};
static const struct csi_line_part go_plain[] = {
    T("", "dddd/dd/dd dd:dd:ddF", 0), P(" ", REST, 3)};

CSI_LINE_FORM(go, "Logs of Go's package log, with a file or without.",
              "2026/10/10 13:55:36 main.go:12: started", CSI_LAYOUT(go_file),
              CSI_LAYOUT(go_plain));

/* Ruby, class Logger: Log Entries */
static const struct cosend_line_field ruby_fields[] = {
    N("time"), N("pid"), N("level"), N("app"), N("message")};

static const struct csi_line_part ruby[] = {
    ONE_OF("", "DIWEFUA", CSI_LINE_NO_FIELD),
    T(", [", "dddd-dd-ddTdd:dd:ddF", 0),
    P(" #", NUMBER, 1),
    CSI_PADDED("] ", LEVEL, 2),
    P(" -- ", UPTO, 3),
    P(": ", REST, 4)};

CSI_LINE_FORM(ruby, "Logs of Ruby's Logger, and of Rails; app is mostly empty.",
              "I, [2026-10-10T13:55:36.123456 #4821]  INFO -- : started",
              CSI_LAYOUT(ruby));

/* PHP, error_log; FPM; Monolog's LineFormatter, which Laravel and Symfony have
 */
static const struct cosend_line_field php_fields[] = {N("time"), N("channel"),
                                                      N("level"), N("message")};

#define PHP_TIME T("[", "dd-M-dddd dd:dd:ddFN", 0)

static const struct csi_line_part monolog[] = {
    T("[", CSI_ISO, 0), P("] ", WORD, 1), P(".", LEVEL, 2), P(": ", REST, 3)};
static const struct csi_line_part php_error[] = {
    PHP_TIME, CSI_PART_OF("] PHP ", UPTO, 2, ":  "), P(":  ", REST, 3)};
static const struct csi_line_part php_fpm[] = {PHP_TIME, P("] ", LEVEL, 2),
                                               P(": ", REST, 3)};
static const struct csi_line_part php_plain[] = {PHP_TIME, P("] ", REST, 3)};

CSI_LINE_FORM(php,
              "What PHP and its FPM log, and what Monolog does, as Laravel and "
              "Symfony have it.",
              "[10-Oct-2026 13:55:36 UTC] PHP Warning:  Undefined variable $x",
              CSI_LAYOUT(monolog), CSI_LAYOUT(php_error), CSI_LAYOUT(php_fpm),
              CSI_LAYOUT(php_plain));

/* ---- Linux, Android, Windows --------------------------------------------- */

/* util-linux, dmesg: as it is, and with --decode */
static const struct cosend_line_field dmesg_fields[] = {
    N("facility"), N("level"), N("uptime"), N("message")};

#define DMESG(before)                                                          \
    {before, CSI_LINE_TIME, 2, 0, true, "s.s"}, P("] ", REST, 3)

static const struct csi_line_part dmesg[] = {DMESG("[")};
static const struct csi_line_part dmesg_decoded[] = {
    CSI_PADDED("", WORD, 0), CSI_PADDED(":", LEVEL, 1), DMESG(": [")};

CSI_LINE_FORM(dmesg,
              "What Linux's dmesg prints, with --decode or without; uptime is "
              "in seconds.",
              "[ 1234.567890] usb 1-1: new device", CSI_LAYOUT(dmesg),
              CSI_LAYOUT(dmesg_decoded));

/* Android, logcat: Control log output format */
static const struct cosend_line_field android_fields[] = {
    N("time"), N("pid"), N("tid"), N("level"), N("tag"), N("message")};

#define ANDROID_TIME "dd-dd dd:dd:ddF|dddd-dd-dd dd:dd:ddFZ"

static const struct csi_line_part threadtime[] = {
    T("", ANDROID_TIME, 0),
    CSI_PADDED(" ", NUMBER, 1),
    CSI_PADDED(" ", NUMBER, 2),
    ONE_OF(" ", "VDIWEFAS", 3),
    {" ", CSI_LINE_UPTO, 4, 0, true, ": "},
    P(": ", REST, 5)};
static const struct csi_line_part timed_brief[] = {
    T("", ANDROID_TIME, 0),
    ONE_OF(" ", "VDIWEFAS", 3),
    {"/", CSI_LINE_UPTO, 4, 0, true, "("},
    CSI_PADDED("(", NUMBER, 1),
    P("): ", REST, 5)};
static const struct csi_line_part brief[] = {
    ONE_OF("", "VDIWEFAS", 3),
    {"/", CSI_LINE_UPTO, 4, 0, true, "("},
    CSI_PADDED("(", NUMBER, 1),
    P("): ", REST, 5)};

CSI_LINE_FORM(android,
              "Android's logcat, as threadtime, time or brief; level is V, D, "
              "I, W, E, F, A or S.",
              "10-10 13:55:36.123  1702  2395 D WindowManager: started",
              CSI_LAYOUT(threadtime), CSI_LAYOUT(timed_brief),
              CSI_LAYOUT(brief));

/* Windows, Component-Based Servicing: CBS.log */
static const struct cosend_line_field cbs_fields[] = {
    N("time"), N("level"), N("component"), N("message")};

static const struct csi_line_part cbs[] = {
    T("", "dddd-dd-dd dd:dd:dd", 0), CSI_PADDED(", ", WORD, 1),
    CSI_PADDED(" ", WORD, 2), P(" ", REST, 3)};

CSI_LINE_FORM(cbs, "CBS.log of Windows.",
              "2026-10-10 13:55:36, Info                  CBS    Loaded",
              CSI_LAYOUT(cbs));

/* ---- Any that begins with a time ----------------------------------------- */

static const struct cosend_line_field timed_fields[] = {N("time"), N("level"),
                                                        N("message")};

/* Of digits alone the longest come first; those that begin with 1 are seconds
   since 1970, or parts of seconds, of the years 2001 to 2033. */
#define ANY_TIME                                                               \
    CSI_ISOL "|dddd/dd/dd dd:dd:ddFL|W M DD dd:dd:ddF dddd"                    \
             "|W M DD dd:dd:ddL dddd|M DD dd:dd:ddF|M DD dddd dd:dd:ddF"       \
             "|dddd.dd.dd dd:dd:ddF|dddddddd dd:dd:ddFL|ddddddddTddddddFZ"     \
             "|ddddddddTdd:dd:ddFZ|dddddddd-s:s:s:s|dddddddd.ddddddF|s/s/"     \
             "dddd s:dd:ddFA"                                                  \
             "|dd/dd/dd dd:dd:ddF|dd.dd.dddd dd:dd:ddF|dd.dd dd:dd:dd"         \
             "|1dddddddddddddddddd|1ddddddddddddddd|20dddddddddddd"            \
             "|1dddddddddddd|1dddddddddF|dd/M/dddd dd:dd:dd|dd:dd:ddF"         \
             "|dd/M/dddd:dd:dd:ddFZ|dd M dddd dd:dd:ddF|dd-M-dddd dd:dd:ddFL"
#define TIMED    T("", ANY_TIME, 0)
#define TIMED_IN T("[", ANY_TIME, 0)

static const struct csi_line_part timed_level[] = {
    TIMED, CSI_PADDED(" ", LEVEL, 1), P(" ", REST, 2)};
/* HashiCorp's go-hclog: levels are filled up with blanks behind the bracket. */
static const struct csi_line_part timed_level_fill[] = {
    TIMED, CSI_PADDED(" [", LEVEL, 1), P("]  ", REST, 2)};
static const struct csi_line_part timed_level_in[] = {
    TIMED, CSI_PADDED(" [", LEVEL, 1), P("] ", REST, 2)};
static const struct csi_line_part timed_level_colon[] = {
    TIMED, CSI_PADDED(" ", LEVEL, 1), P(": ", REST, 2)};
static const struct csi_line_part timed_colons[] = {TIMED, P(":", LEVEL, 1),
                                                    P(":", REST, 2)};
static const struct csi_line_part timed_in_level[] = {
    TIMED_IN, CSI_PADDED("] ", LEVEL, 1), P(" ", REST, 2)};
static const struct csi_line_part timed_in_level_colon[] = {
    TIMED_IN, CSI_PADDED("] ", LEVEL, 1), P(": ", REST, 2)};
static const struct csi_line_part timed_in_level_in[] = {
    TIMED_IN, CSI_PADDED("] [", LEVEL, 1), P("] ", REST, 2)};
static const struct csi_line_part timed_bars[] = {TIMED, P("|", LEVEL, 1),
                                                  P("|", REST, 2)};
static const struct csi_line_part timed_bar[] = {TIMED, P("|", REST, 2)};
static const struct csi_line_part timed_tabs[] = {TIMED, P("\t", LEVEL, 1),
                                                  P("\t", REST, 2)};
static const struct csi_line_part timed_tab[] = {TIMED, P("\t", REST, 2)};
static const struct csi_line_part timed_colon[] = {TIMED, P(": ", REST, 2)};
static const struct csi_line_part timed[] = {TIMED, P(" ", REST, 2)};
static const struct csi_line_part timed_in[] = {TIMED_IN, P("] ", REST, 2)};
static const struct csi_line_part level_timed[] = {
    CSI_PADDED("", LEVEL, 1), T(" ", ANY_TIME, 0), P(" ", REST, 2)};
static const struct csi_line_part level_in_timed[] = {
    CSI_PADDED("[", LEVEL, 1), T("] ", ANY_TIME, 0), P(" ", REST, 2)};

CSI_LINE_FORM(timed,
              "Any line that begins with a time, in brackets or not, and "
              "perhaps a level behind it or in front; message is what follows.",
              "2026-10-10T13:55:36Z [warn] disk is full",
              CSI_LAYOUT(timed_level), CSI_LAYOUT(timed_level_fill),
              CSI_LAYOUT(timed_level_in), CSI_LAYOUT(timed_level_colon),
              CSI_LAYOUT(timed_colons), CSI_LAYOUT(timed_in_level),
              CSI_LAYOUT(timed_in_level_colon), CSI_LAYOUT(timed_in_level_in),
              CSI_LAYOUT(timed_bars), CSI_LAYOUT(timed_bar),
              CSI_LAYOUT(timed_tabs), CSI_LAYOUT(timed_tab),
              CSI_LAYOUT(timed_colon), CSI_LAYOUT(timed), CSI_LAYOUT(timed_in),
              CSI_LAYOUT(level_timed), CSI_LAYOUT(level_in_timed));
