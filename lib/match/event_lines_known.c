/* SPDX-License-Identifier: MIT */
/*
 * Kinds of lines, as languages and servers print them. What they print is read
 * line by line, and no line is held until the next is known: so a blank line
 * that may come before the next part of a trace belongs to the trace, also
 * where no more of it comes.
 *
 * What is unsure begins an event, but for the name of an exception behind a
 * line that it may be the exception of.
 */
#include "match/event_lines_known.h"

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_"
#define BLANK   " \t"
#define NO_LINE "" /* of no bytes */
#define K(kind) CSI_LINE_KIND(kind)
#define OTHER   CSI_LINE_OTHER
#define ANY     CSI_LINE_ANY
#define LANGUAGE(kinds)                                                        \
    {                                                                          \
        kinds, sizeof(kinds) / sizeof((kinds)[0])                              \
    }

/*
 *     ERROR could not store             or: Exception in thread "main" a.B: c
 *     java.io.IOException: disk full
 *     	at com.example.Store.put(Store.java:12)
 *     	Suppressed: ...
 *     Caused by: java.lang.IllegalStateException
 *     	... 23 more
 *
 * The exception belongs to the line before it, unless that is of another trace.
 * Spring Boot has a blank line between them, and one behind the trace.
 */
enum { J_FRAME, J_INDENTED, J_CAUSE, J_EXCEPTION, J_BLANK, J_BLANK_BEHIND };
static const struct csi_line_kind java[] = {
    [J_FRAME] = {BLANK, "^\\s+(?:at |\\.\\.\\. \\d)", ANY, CSI_OPENS},
    [J_INDENTED] = {BLANK, NULL, ANY, CSI_JOINS},
    [J_CAUSE] = {"CSW", "^(?:Caused by|Suppressed|Wrapped by): ", ANY,
                 CSI_OPENS},
    [J_EXCEPTION] = {LETTERS "$",
                     "^[\\w$.]+(?:Exception|Error|Throwable)(?::|\\s*$)",
                     OTHER | K(J_INDENTED) | K(J_BLANK), CSI_OPENS},
    [J_BLANK] = {NO_LINE, NULL, OTHER | K(J_INDENTED), CSI_JOINS},
    [J_BLANK_BEHIND] = {NO_LINE, NULL, K(J_FRAME) | K(J_CAUSE) | K(J_EXCEPTION),
                        CSI_JOINS},
};

/*
 *     ERROR:root:could not store
 *     Traceback (most recent call last):
 *       File "store.py", line 12, in put
 *         write(data)
 *     OSError: disk full
 *
 *     During handling of the above exception, another exception occurred:
 *
 *     Traceback (most recent call last):
 *       ...
 *
 * Groups of exceptions are indented, and so are errors of syntax, whose first
 * line is of a file.
 */
enum { P_FRAME, P_TRACE, P_INDENTED, P_NAME, P_BLANK, P_LINK, P_BEHIND_LINK };
static const struct csi_line_kind python[] = {
    [P_FRAME] = {BLANK, NULL, K(P_TRACE) | K(P_FRAME), CSI_JOINS},
    [P_TRACE] = {"T" BLANK,
                 "^(?:Traceback \\(most recent call last\\):|"
                 "\\s+\\+ Exception Group Traceback |  File \".*\", line \\d)",
                 OTHER | K(P_INDENTED) | K(P_LINK) | K(P_BEHIND_LINK),
                 CSI_BEGINS},
    [P_INDENTED] = {BLANK, NULL, OTHER | K(P_INDENTED) | K(P_NAME), CSI_JOINS},
    [P_NAME] = {LETTERS,
                "^(?!(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|CRITICAL|"
                "FATAL):)[\\w.<>]+(?::\\s|:?$)",
                K(P_FRAME), CSI_JOINS},
    [P_BLANK] = {NO_LINE, NULL, K(P_NAME) | K(P_FRAME), CSI_JOINS},
    [P_LINK] = {"DT",
                "^(?:During handling of the above exception, another|"
                "The above exception was the direct cause of)",
                K(P_NAME) | K(P_BLANK), CSI_OPENS},
    [P_BEHIND_LINK] = {NO_LINE, NULL, K(P_LINK), CSI_JOINS},
};

/*
 *     panic: disk full                  or: fatal error: ..., SIGQUIT: ...,
 *     	panic: again                         a line of a log
 *     [signal SIGSEGV: ...]
 *
 *     goroutine 1 [running]:
 *     main.(*store).put(0xc000012345, ...)
 *     	/src/store.go:12 +0x1d
 *     created by main.main in goroutine 1
 *     	/src/main.go:7 +0x2a
 *
 *     goroutine 18 [chan receive]:
 *     ...
 *     exit status 2
 */
enum {
    G_GOROUTINE,
    G_PLACE,
    G_BEHIND_PANIC,
    G_INDENTED,
    G_PANIC,
    G_RUNTIME,
    G_SIGNAL,
    G_ELIDED,
    G_EXIT,
    G_REGISTER,
    G_CALL,
    G_BLANK
};
static const struct csi_line_kind go[] = {
    [G_GOROUTINE] = {"g", "^goroutine \\d+ (?:[a-z]+=\\S+ )*\\[[^]]*\\]:\\s*$",
                     OTHER | K(G_PANIC) | K(G_BEHIND_PANIC) | K(G_INDENTED) |
                         K(G_SIGNAL) | K(G_RUNTIME) | K(G_BLANK) | K(G_PLACE),
                     CSI_OPENS},
    [G_PLACE] = {"\t", NULL, K(G_CALL) | K(G_GOROUTINE), CSI_JOINS},
    [G_BEHIND_PANIC] = {BLANK, NULL,
                        K(G_PANIC) | K(G_SIGNAL) | K(G_BEHIND_PANIC),
                        CSI_JOINS},
    [G_INDENTED] = {BLANK, NULL, OTHER | K(G_INDENTED) | K(G_RUNTIME),
                    CSI_JOINS},
    [G_PANIC] = {"pfSu",
                 "^(?:panic: |fatal error: |SIG[A-Z]+: |"
                 "unexpected fault address )",
                 K(G_RUNTIME), CSI_OPENS},
    [G_RUNTIME] = {"r", "^runtime: ", K(G_RUNTIME) | K(G_PANIC), CSI_OPENS},
    [G_SIGNAL] = {"[gP", "^(?:\\[(?:signal |recovered)|goexit: |PC=0x)",
                  K(G_PANIC) | K(G_BEHIND_PANIC) | K(G_SIGNAL), CSI_OPENS},
    [G_ELIDED] = {".", "^\\.\\.\\.", K(G_PLACE), CSI_JOINS},
    [G_EXIT] = {"e", "^exit status \\d+$",
                K(G_PLACE) | K(G_CALL) | K(G_BLANK) | K(G_REGISTER), CSI_JOINS},
    [G_REGISTER] = {"rcfgsel", "^[a-z][a-z0-9]*\\s+0x[0-9a-f]+$",
                    K(G_BLANK) | K(G_REGISTER), CSI_JOINS},
    [G_CALL] = {LETTERS, "^(?:created by \\S|[^\\s\"]+\\(.*\\)$)",
                K(G_GOROUTINE) | K(G_PLACE) | K(G_ELIDED), CSI_JOINS},
    [G_BLANK] = {NO_LINE, NULL,
                 K(G_PANIC) | K(G_BEHIND_PANIC) | K(G_SIGNAL) | K(G_RUNTIME) |
                     K(G_PLACE) | K(G_CALL),
                 CSI_JOINS},
};

/*
 *     store.rb:12:in `put': disk full (RuntimeError)
 *     	from store.rb:7:in `<main>'
 *
 * or the same the other way round,
 *
 *     Traceback (most recent call last):
 *     	1: from store.rb:7:in `<main>'
 *     store.rb:12:in `put': disk full (RuntimeError)
 *
 * or behind a line of a log the places alone, not indented. Behind the name of
 * an error may come the line of the source that it is in.
 */
enum {
    R_NUMBERED,
    R_INDENTED,
    R_SOURCE,
    R_SHOWN,
    R_ERROR,
    R_PLACE,
    R_BLANK,
    R_HINT,
    R_TRACE
};
#define RUBY_AT "^\\S+:\\d+:in [`']"
static const struct csi_line_kind ruby[] = {
    [R_NUMBERED] = {BLANK, "^\\s+\\d+: from ", K(R_TRACE) | K(R_NUMBERED),
                    CSI_JOINS},
    [R_INDENTED] = {BLANK, NULL, ANY, CSI_JOINS},
    [R_SOURCE] = {NULL, NULL, K(R_BLANK), CSI_JOINS},
    [R_SHOWN] = {LETTERS "/.<(-0123456789",
                 RUBY_AT ".*\\((?:NoMethod|Name|Type|Argument|Key)Error\\)$",
                 K(R_NUMBERED), CSI_OPENS},
    [R_ERROR] = {LETTERS "/.<(-0123456789", RUBY_AT ".*\\(\\S+\\)$",
                 K(R_NUMBERED), CSI_JOINS},
    [R_PLACE] = {LETTERS "/.<(-0123456789", RUBY_AT "[^`']*'$",
                 OTHER | K(R_PLACE), CSI_OPENS},
    [R_BLANK] = {NO_LINE, NULL, K(R_SHOWN), CSI_JOINS},
    [R_HINT] = {"^D", "^(?:[\\^~]+$|Did you mean\\?)",
                K(R_SOURCE) | K(R_INDENTED) | K(R_SHOWN) | K(R_HINT),
                CSI_JOINS},
    [R_TRACE] = {"T", "^Traceback \\(most recent call last\\):", 0, CSI_OPENS},
};

/*
 *     /src/store.js:12                     or behind a line of a log
 *       throw new Error('disk full');      the places alone
 *       ^
 *
 *     Error: disk full
 *         at put (/src/store.js:12:9) {
 *       code: 'ENOSPC'
 *     }
 *
 *     Node.js v22.1.0
 *
 * Of what is thrown any line comes behind the blank one. What was not caught
 * ends the process: so only there a blank line may belong to it.
 */
enum {
    N_MARK,
    N_SOURCE,
    N_THROWN,
    N_OF_THROWN,
    N_INDENTED,
    N_THROWN_END,
    N_END,
    N_PLACE,
    N_BLANK,
    N_BEHIND_THROWN,
    N_VERSION
};
static const struct csi_line_kind node[] = {
    [N_MARK] = {BLANK "^", "^\\s*\\^+\\s*$", K(N_SOURCE), CSI_JOINS},
    [N_SOURCE] = {NULL, NULL, K(N_PLACE), CSI_JOINS},
    [N_THROWN] = {NULL, NULL, K(N_BLANK), CSI_JOINS},
    [N_OF_THROWN] = {BLANK, NULL,
                     K(N_THROWN) | K(N_OF_THROWN) | K(N_THROWN_END), CSI_JOINS},
    [N_INDENTED] = {BLANK, NULL, ANY, CSI_JOINS},
    [N_THROWN_END] = {"}])", "^[])}]+[,;]?$", K(N_OF_THROWN), CSI_JOINS},
    [N_END] = {"}])", "^[])}]+[,;]?$", K(N_INDENTED), CSI_JOINS},
    [N_PLACE] = {LETTERS "/.\\", "^\\S+\\.[cm]?[jt]sx?:\\d+$|^node:\\S+:\\d+$",
                 0, CSI_OPENS},
    [N_BLANK] = {NO_LINE, NULL, K(N_MARK), CSI_JOINS},
    [N_BEHIND_THROWN] = {NO_LINE, NULL,
                         K(N_THROWN) | K(N_OF_THROWN) | K(N_THROWN_END),
                         CSI_JOINS},
    [N_VERSION] = {"N", "^Node\\.js v\\d", K(N_BEHIND_THROWN), CSI_JOINS},
};

/*
 *     PHP Fatal error:  Uncaught RuntimeException: disk full in /src/a.php:12
 *     Stack trace:
 *     #0 /src/a.php(7): put()
 *     #1 {main}
 *
 *     Next LogicException: not stored in /src/a.php:15
 *     Stack trace:
 *     #0 {main}
 *       thrown in /src/a.php on line 15
 *
 * Monolog prints [stacktrace], and "} behind it; Xdebug numbers by `PHP   1. `.
 */
enum { H_TRACE, H_FRAME, H_NEXT, H_BLANK, H_INDENTED, H_CLOSE };
#define PHP_STAMP "(?:\\[[^]]*\\] )?"
static const struct csi_line_kind php[] = {
    [H_TRACE] = {"SP[",
                 "^(?:" PHP_STAMP "(?:PHP )?Stack trace:$|"
                 "\\[(?:stacktrace|previous exception)\\])",
                 ANY, CSI_OPENS},
    [H_FRAME] = {"#P[", "^(?:#\\d+ |" PHP_STAMP "PHP +\\d+\\. )",
                 K(H_TRACE) | K(H_FRAME), CSI_OPENS},
    [H_NEXT] = {"N", "^Next \\S", K(H_FRAME) | K(H_BLANK), CSI_JOINS},
    [H_BLANK] = {NO_LINE, NULL, K(H_FRAME), CSI_JOINS},
    [H_INDENTED] = {BLANK, NULL, ANY, CSI_JOINS},
    [H_CLOSE] = {"\"", "^\"\\}", K(H_TRACE) | K(H_FRAME), CSI_JOINS},
};

/*
 *     # Time: 2026-03-01T10:00:00.000000Z
 *     # User@Host: app[app] @ localhost []  Id: 8
 *     # Query_time: 2.0  Lock_time: 0.0 Rows_sent: 1  Rows_examined: 5
 *     SET timestamp=1772359200;
 *     SELECT 1
 *       FROM orders;
 *
 * The time is left out where it is that of the entry before. What a server
 * prints when it starts is an event too.
 */
enum { Q_TIME, Q_USER, Q_SERVER, Q_HEADING, Q_MORE };
static const struct csi_line_kind mysql_slow[] = {
    [Q_TIME] = {"#", "^# Time: ", 0, CSI_BEGINS},
    [Q_USER] = {"#", "^# User@Host: ", K(Q_TIME), CSI_BEGINS},
    [Q_SERVER] = {NULL, "^\\S+, Version: .* started with:", 0, CSI_BEGINS},
    [Q_HEADING] = {"T", "^(?:Tcp port: |Time +Id +Command)",
                   K(Q_SERVER) | K(Q_HEADING), CSI_JOINS},
    [Q_MORE] = {NULL, NULL, K(Q_TIME) | K(Q_USER) | K(Q_MORE), CSI_JOINS},
};

/*
 *     2026-03-01 10:00:00 UTC [7] ERROR:  relation "a" does not exist
 *     2026-03-01 10:00:00 UTC [7] STATEMENT:  SELECT 1
 *     	FROM a
 *
 * Further lines of a message begin with a tab, and what is said beside it has a
 * line of its own, whose first word before a colon and two blanks says so.
 */
enum { D_MORE, D_BESIDE };
static const struct csi_line_kind postgres[] = {
    [D_MORE] = {"\t", NULL, ANY, CSI_JOINS},
    [D_BESIDE] = {LETTERS "0123456789[<(",
                  "^(?:[^:]|:(?! {2}))*?(?<![A-Z])(?:DETAIL|HINT|QUERY|CONTEXT|"
                  "STATEMENT|LOCATION|BACKTRACE): {2}",
                  ANY, CSI_JOINS},
};

const struct cosend_event_lines_name cosend_event_lines_known[] = {
    {"java", "exceptions with their causes, of all that runs on a JVM"},
    {"python", "tracebacks, chained ones, groups"},
    {"go", "panics, fatal errors, dumps of goroutines"},
    {"ruby", "errors, in either order"},
    {"node", "errors of JavaScript, with what belongs to them"},
    {"php", "stack traces, those of Monolog and Xdebug too"},
    {"mysql_slow", "entries of MySQL's and MariaDB's slow query log"},
    {"postgres", "PostgreSQL: a message with DETAIL, HINT, STATEMENT"},
    {NULL, NULL},
};

const struct csi_language csi_languages[] = {
    LANGUAGE(java),       LANGUAGE(python),   LANGUAGE(go),
    LANGUAGE(ruby),       LANGUAGE(node),     LANGUAGE(php),
    LANGUAGE(mysql_slow), LANGUAGE(postgres), {NULL, 0},
};
