/* SPDX-License-Identifier: MIT */
/*
 * Named patterns of our own, under the names that users of grok know, for what
 * logs are made of. They match bytes. Where a number, an address or a word
 * could begin inside of another one, what is before and behind it is looked at,
 * so that 10.0.0.1 is not found in 110.0.0.1, by (?<!\w) and not by \b, which
 * would make characters of the bytes; and none has two ways to match the same
 * text, so that none takes more than linear time by itself.
 */
#include "cosend/grok.h"

const struct cosend_grok_name cosend_grok_known[] = {
    /* Words and blanks. */
    {"WORD", "(?<!\\w)\\w++"},
    {"NOTSPACE", "\\S+"},
    {"SPACE", "\\s*"},
    {"DATA", ".*?"},
    {"GREEDYDATA", ".*"},
    {"QUOTEDSTRING", "(?:\"(?:[^\"\\\\]|\\\\.)*+\"|'(?:[^'\\\\]|\\\\.)*+'|"
                     "`(?:[^`\\\\]|\\\\.)*+`)"},
    {"QS", "%{QUOTEDSTRING}"},
    {"UUID",
     "(?<!\\w)[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}(?!\\w)"},
    {"URN", "urn:[0-9A-Za-z][0-9A-Za-z-]{0,31}:"
            "(?:%[0-9a-fA-F]{2}|[0-9A-Za-z()+,.:=@;$_!*'/?#-])+"},

    /* Numbers. */
    {"INT", "(?<![0-9])[+-]?[0-9]+"},
    {"BASE10NUM", "(?<![0-9.])[+-]?(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)"},
    {"NUMBER", "%{BASE10NUM}(?:[eE][+-]?[0-9]+)?"},
    {"BASE16NUM", "(?<![0-9A-Fa-f])[+-]?(?:0[xX])?[0-9A-Fa-f]+"},
    {"POSINT", "(?<!\\w)[1-9][0-9]*(?!\\w)"},
    {"NONNEGINT", "(?<!\\w)[0-9]+(?!\\w)"},

    /* People and machines. */
    {"USERNAME", "[a-zA-Z0-9._-]+"},
    {"USER", "%{USERNAME}"},
    {"EMAILLOCALPART", "[0-9A-Za-z!#$%&'*+/=?^_`{|}~.-]+"},
    {"EMAILADDRESS", "%{EMAILLOCALPART}@%{HOSTNAME}"},
    {"CISCOMAC", "(?:[0-9A-Fa-f]{4}\\.){2}[0-9A-Fa-f]{4}"},
    {"WINDOWSMAC", "(?:[0-9A-Fa-f]{2}-){5}[0-9A-Fa-f]{2}"},
    {"COMMONMAC", "(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}"},
    {"MAC", "(?:%{CISCOMAC}|%{WINDOWSMAC}|%{COMMONMAC})"},
    {"IPV4", "(?<![0-9.])(?:(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\\.){3}"
             "(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])(?![0-9])"},
    /* RFC 4291, section 2.2: eight groups, or fewer around one "::"; the last
       two may be an address of IPv4. */
    {"IPV6", "(?<![0-9A-Fa-f:])(?:"
             "(?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}|"
             "(?:[0-9A-Fa-f]{1,4}:){6}%{IPV4}|"
             "(?:[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{1,4}){0,6})?::"
             "(?:(?:[0-9A-Fa-f]{1,4}:){0,5}(?:%{IPV4}|[0-9A-Fa-f]{1,4}))?"
             ")(?![0-9A-Fa-f:])(?:%[0-9A-Za-z]+)?"},
    {"IP", "(?:%{IPV6}|%{IPV4})"},
    {"HOSTNAME", "(?<!\\w)[0-9A-Za-z][0-9A-Za-z_-]{0,62}"
                 "(?:\\.[0-9A-Za-z][0-9A-Za-z_-]{0,62})*+\\.?"},
    {"IPORHOST", "(?:%{IP}|%{HOSTNAME})"},
    {"HOST", "%{HOSTNAME}"},
    {"HOSTPORT", "%{IPORHOST}:%{POSINT}"},

    /* Paths and addresses of the web: RFC 3986. */
    {"UNIXPATH", "(?:/[\\w%!$@:.,+~-]*)+"},
    {"WINPATH", "(?:[A-Za-z]:|\\\\)(?:\\\\[^\\\\?*\\s]*)+"},
    {"PATH", "(?:%{UNIXPATH}|%{WINPATH})"},
    {"TTY", "/dev/(?:pts/[0-9]+|tty[0-9A-Za-z]*)"},
    {"URIPROTO", "[A-Za-z][0-9A-Za-z+.-]*"},
    {"URIHOST", "%{IPORHOST}(?::%{POSINT})?"},
    {"URIPATH", "(?:/[\\w.,+*!'()$@:;~%=&-]*)+"},
    {"URIQUERY", "[\\w.,+*!'()\\[\\]{}|<>$@:;~%=&/?-]*"},
    {"URIPARAM", "\\?%{URIQUERY}"},
    {"URIPATHPARAM", "%{URIPATH}(?:%{URIPARAM})?"},
    {"URI", "%{URIPROTO}://(?:%{USER}(?::[^@\\s]*)?@)?(?:%{URIHOST})?"
            "(?:%{URIPATHPARAM})?"},

    /* Times. */
    {"MONTH", "(?<!\\w)(?:[Jj]an(?:uary)?|[Ff]eb(?:ruary)?|[Mm]ar(?:ch)?|"
              "[Aa]pr(?:il)?|[Mm]ay|[Jj]une?|[Jj]uly?|[Aa]ug(?:ust)?|"
              "[Ss]ept?(?:ember)?|[Oo]ct(?:ober)?|[Nn]ov(?:ember)?|"
              "[Dd]ec(?:ember)?)(?!\\w)"},
    {"MONTHNUM", "(?:0?[1-9]|1[0-2])(?![0-9])"},
    {"MONTHNUM2", "(?:0[1-9]|1[0-2])"},
    {"MONTHDAY", "(?:3[01]|[12][0-9]|0?[1-9])(?![0-9])"},
    {"DAY", "(?<!\\w)(?:[Mm]on(?:day)?|[Tt]ue(?:sday)?|[Ww]ed(?:nesday)?|"
            "[Tt]hu(?:rsday)?|[Ff]ri(?:day)?|[Ss]at(?:urday)?|"
            "[Ss]un(?:day)?)(?!\\w)"},
    {"YEAR", "(?<![0-9])[0-9]{2}(?:[0-9]{2})?(?![0-9])"},
    {"HOUR", "(?:2[0-3]|[01]?[0-9])"},
    {"MINUTE", "[0-5][0-9]"},
    {"SECOND", "(?:[0-5]?[0-9]|60)(?:[:.,][0-9]+)?"},
    {"TIME", "(?<![0-9])%{HOUR}:%{MINUTE}(?::%{SECOND})?(?![0-9])"},
    {"DATE_US", "%{MONTHNUM}[/-]%{MONTHDAY}[/-]%{YEAR}"},
    {"DATE_EU", "%{MONTHDAY}[./-]%{MONTHNUM}[./-]%{YEAR}"},
    {"DATE", "(?:%{DATE_US}|%{DATE_EU})"},
    {"ISO8601_TIMEZONE", "(?:Z|[+-]%{HOUR}(?::?%{MINUTE})?)"},
    {"ISO8601_SECOND", "%{SECOND}"},
    {"TIMESTAMP_ISO8601",
     "%{YEAR}-%{MONTHNUM}-%{MONTHDAY}[T ]%{HOUR}:?%{MINUTE}"
     "(?::?%{SECOND})?(?: ?%{ISO8601_TIMEZONE})?"},
    {"DATESTAMP", "%{DATE}[- ]%{TIME}"},
    {"TZ", "(?<!\\w)(?:UTC|GMT|[A-Z]{1,4}[SD]T|[CEMW]ET|MSK|JST)(?!\\w)"},
    {"DATESTAMP_RFC822", "%{DAY} %{MONTH} %{MONTHDAY} %{YEAR} %{TIME} %{TZ}"},
    {"DATESTAMP_RFC2822",
     "%{DAY}, %{MONTHDAY} %{MONTH} %{YEAR} %{TIME} %{ISO8601_TIMEZONE}"},
    {"DATESTAMP_OTHER", "%{DAY} %{MONTH} +%{MONTHDAY} %{TIME} %{TZ} %{YEAR}"},
    {"DATESTAMP_EVENTLOG", "[0-9]{4}%{MONTHNUM2}(?:0[1-9]|[12][0-9]|3[01])"
                           "(?:2[0-3]|[01][0-9])%{MINUTE}[0-5][0-9]"},
    {"HTTPDATE", "%{MONTHDAY}/%{MONTH}/%{YEAR}:%{TIME} [+-][0-9]{4}"},
    {"HTTPDERROR_DATE", "%{DAY} %{MONTH} %{MONTHDAY} %{TIME} %{YEAR}"},
    {"SYSLOGTIMESTAMP", "%{MONTH} +%{MONTHDAY} %{TIME}"},

    /* Logs. */
    {"LOGLEVEL", "(?<!\\w)(?i:trace|debug|dbg|info(?:rmation)?|notice|"
                 "warn(?:ing)?|err(?:or)?|crit(?:ical)?|fatal|severe|"
                 "alert|emerg(?:ency)?|panic)(?!\\w)"},
    {"PROG", "[!-Z\\\\^-~]+"},
    {"SYSLOGPROG", "%{PROG:program}(?:\\[%{POSINT:pid}\\])?"},
    {"SYSLOGHOST", "%{IPORHOST}"},
    {"SYSLOGFACILITY", "<%{NONNEGINT:facility}\\.%{NONNEGINT:priority}>"},
    {"SYSLOGBASE", "%{SYSLOGTIMESTAMP:timestamp} (?:%{SYSLOGFACILITY} )?"
                   "%{SYSLOGHOST:logsource} %{SYSLOGPROG}:"},
    {"SYSLOGLINE", "%{SYSLOGBASE} %{GREEDYDATA:message}"},
    {"HTTPDUSER", "(?:%{EMAILADDRESS}|%{USER})"},
    {"COMMONAPACHELOG",
     "%{IPORHOST:clientip} %{HTTPDUSER:ident} %{HTTPDUSER:auth} "
     "\\[%{HTTPDATE:timestamp}\\] \"(?:%{WORD:verb} %{NOTSPACE:request}"
     "(?: HTTP/%{NUMBER:httpversion})?|%{DATA:rawrequest})\" "
     "(?:%{NUMBER:response}|-) (?:%{NUMBER:bytes}|-)"},
    {"COMBINEDAPACHELOG", "%{COMMONAPACHELOG} %{QS:referrer} %{QS:agent}"},
    {"HTTPD_COMMONLOG", "%{COMMONAPACHELOG}"},
    {"HTTPD_COMBINEDLOG", "%{COMBINEDAPACHELOG}"},
    {"JAVACLASS", "(?:[A-Za-z$_][\\w$]*\\.)*[A-Za-z$_][\\w$]*"},
    {"JAVAFILE", "[\\w$][\\w$. -]*"},
    {"JAVAMETHOD", "(?:<(?:cl)?init>|[A-Za-z$_][\\w$]*)"},
    {"JAVASTACKTRACEPART", "\\s+at %{JAVACLASS:class}\\.%{JAVAMETHOD:method}\\("
                           "%{JAVAFILE:file}(?::%{NONNEGINT:line})?\\)"},
    {"RUBY_LOGLEVEL", "(?:DEBUG|FATAL|ERROR|WARN|INFO)"},
    {"REDISTIMESTAMP", "%{MONTHDAY} %{MONTH}(?: %{YEAR})? %{TIME}"},
    {"REDISLOG", "\\[%{POSINT:pid}\\] %{REDISTIMESTAMP:timestamp} \\* "
                 "%{GREEDYDATA:message}"},
    {NULL, NULL},
};
