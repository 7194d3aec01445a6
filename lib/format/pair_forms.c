/* SPDX-License-Identifier: MIT */
#include "format/pair_cef.h"
#include "format/pair_csv.h"
#include "format/pair_json.h"
#include "format/pair_kv.h"
#include "format/pair_logfmt.h"
#include "format/pair_w3c.h"

const struct cosend_pair_form cosend_pair_forms[] = {
    {.name = "logfmt",
     .help = "Pairs name=value with blanks between; a value in quotes may have "
             "blanks, and escapes as JSON and Go have them, and a name alone "
             "is true.",
     .example = "level=info msg=\"took 3 s\" ms=3012",
     .ops = &csi_pair_logfmt},
    {.name = "kv",
     .help = "Pairs as pair_separator and value_separator have them, blanks "
             "and = by default; blanks around names and values are no part of "
             "them, and a value in quotes is as one of logfmt.",
     .example = "a=1; b=2",
     .ops = &csi_pair_kv},
    {.name = "json",
     .help = "An object of JSON: its members become fields, as they stand in "
             "it; arrays and objects in them stay what they are.",
     .example = "{\"level\":\"info\",\"user\":{\"id\":7}}",
     .ops = &csi_pair_json},
    {.name = "csv",
     .help = "The cells of a line of CSV, by `delimiter`: column_1, column_2 "
             "and so on, or `names`, of which there must be as many.",
     .example = "7,\"a, b\",c",
     .ops = &csi_pair_csv},
    {.name = "cef",
     .help = "ArcSight's Common Event Format: cef_version, device_vendor, "
             "device_product, device_version, signature_id, name, severity, "
             "and the pairs of its extension by their keys; what stands before "
             "it in the line, as syslog's head, is `head`.",
     .example = "CEF:0|Acme|Gate|1.0|100|Login failed|5|src=10.0.0.1 suser=ann",
     .ops = &csi_pair_cef},
    {.name = "w3c",
     .help = "The W3C's extended log format, which IIS writes: fields are "
             "called as the last #Fields line of the file says, and other "
             "lines that begin with # are dropped; a number of \"-\" becomes "
             "empty.",
     .example = "2026-03-01 10:00:00 GET /index.html 200",
     .in_order = true,
     .ops = &csi_pair_w3c},
    {.name = "caddy",
     .help = "Caddy's access log in JSON: host, user, time, method, path, "
             "protocol, status, size, referer and agent are what combined has "
             "by these names, vhost is the host that was asked for, and all "
             "else is called by its path, as request.tls.version.",
     .example = "{\"ts\":1700000000.5,\"request\":{\"remote_ip\":\"10.0.0.1\","
                "\"method\":\"GET\",\"uri\":\"/\"},\"status\":200}",
     .ops = &csi_pair_caddy},
    {.name = "docker",
     .help = "Docker's json-file log: log, without the end of its line, stream "
             "and time; partial is true where the line goes on in the next "
             "record, which `rejoin docker` joins to it.",
     .example = "{\"log\":\"ready\\n\",\"stream\":\"stdout\","
                "\"time\":\"2026-03-01T10:00:00Z\"}",
     .ops = &csi_pair_docker},
    {.name = NULL},
};
