# SPDX-License-Identifier: MIT
#
# Makes the manual page of a public header, mdoc(7), from its comments:
#
#   awk -v date="$(sed -n 's/^\.Dd //p' cli/man/cosend.1)" -f lib/man.awk \
#       lib/cosend/record.h > cosend_record.3
#
# The header's first comment is the page's description, and a comment that
# `---- Words ----` is all of, a heading. What stands between two blank lines is
# shown as it is, without what only a compiler wants, and its comment below it.
# In a comment what is indented by four is shown as it is, too. Further headers
# are listed with the first sentence of each: cosend.h is cosend(3), which has
# the caveats of README.md, too.

# Text as mdoc takes it.
function escape(text) {
    gsub(/\\/, "\\e", text)
    return text
}

function literal(text) {
    text = escape(text)
    if (text ~ /^[.']/)
        text = "\\&" text
    return text
}

# A line of text for every sentence, folded.
function prose(text,    word, words, i, line) {
    words = split(text, word, " ")
    line = ""
    for (i = 1; i <= words; i++) {
        if (line != "" && length(line) + length(word[i]) > 76) {
            print literal(line)
            line = ""
        }
        line = line (line == "" ? "" : " ") word[i]
        if (word[i] ~ /[.?!][)"]?$/ || word[i] ~ /^[A-Za-z0-9_)]+[.?!]$/) {
            print literal(line)
            line = ""
        }
    }
    if (line != "")
        print literal(line)
}

function show(lines,    line, n, i) {
    n = split(lines, line, "\n")
    print ".Bd -literal"
    for (i = 1; i <= n; i++)
        print literal(line[i])
    print ".Ed"
}

# The text of a comment, without its marks.
function bare(comment) {
    sub(/^\/\*+ ?/, "", comment)
    sub(/ *\*+\/ *$/, "", comment)
    if (comment ~ /\n \*/)
        gsub(/\n \* ?/, "\n", comment)
    else
        gsub(/\n   /, "\n", comment)
    if (comment ~ /^\n/)
        sub(/^\n/, "", comment)
    return comment
}

# A comment that begins with ` * ` keeps what its lines are indented by.
function tell(comment, first,    line, n, i, text, block) {
    n = split(comment, line, "\n")
    text = block = ""
    for (i = 1; i <= n + 1; i++) {
        if (i <= n && line[i] ~ /^    / && text == "") {
            block = block (block == "" ? "" : "\n") substr(line[i], 5)
        } else if (i <= n && line[i] ~ /[^ ]/ && block == "") {
            text = text " " line[i]
        } else if (i <= n && line[i] !~ /[^ ]/ && block != "" &&
                   line[i + 1] ~ /^    /) {
            block = block "\n"
        } else {
            if (text != "") {
                if (!first)
                    print ".Pp"
                prose(text)
            }
            if (block != "")
                show(block)
            first = 0
            text = block = ""
            if (i <= n && line[i] ~ /[^ ]/)
                i--
        }
    }
}

# What a program has to write, of a declaration or definition.
function plain(code,    line, n, i, mark) {
    n = split(code, line, "\n")
    code = mark = ""
    for (i = 1; i <= n; i++) {
        if (match(line[i], /^COSEND_(API|INLINE) /))
            mark = substr("              ", 1, RLENGTH)
        else if (mark != "" && index(line[i], mark) != 1)
            mark = ""
        code = code (i > 1 ? "\n" : "") substr(line[i], length(mark) + 1)
        if (line[i] ~ /;$/)
            mark = ""
    }
    sub(/^COSEND_(API|INLINE)\n/, "", code)
    gsub(/\n *COSEND_PRINTF\([^)]*\)/, "", code)
    gsub(/ COSEND_PRINTF\([^)]*\)/, "", code)
    if (code ~ /\)\n[{]/)
        code = substr(code, 1, match(code, /\)\n[{]/)) ";"
    return code
}

function finish() {
    if (code != "") {
        if (heading_due != "")
            print ".Ss " heading_due
        heading_due = ""
        show(plain(code))
        tell(comment, 0)
    } else if (comment != "") {
        if (heading_due != "")
            print ".Ss " heading_due
        tell(comment, heading_due != "")
        heading_due = ""
    }
    code = comment = ""
}

# The names that a page is found by: its functions.
function learn(text,    name) {
    while (match(text, /[ *]cosend_[a-z0-9_]+\(/)) {
        name = substr(text, RSTART + 1, RLENGTH - 2)
        if (!(name in known) && name != page) {
            known[name]
            names = names " ,\n.Nm " name
        }
        text = substr(text, RSTART + RLENGTH)
        sub(/^[^;{]*[;{]/, ";", text)
    }
}

function sentence(text) {
    sub(/\n\n.*/, "", text)
    gsub(/\n/, " ", text)
    gsub(/ +/, " ", text)
    if (match(text, /[.] [A-Z(]|[.] *$|  /))
        text = substr(text, 1, RSTART - 1)
    sub(/[ .,:]*$/, "", text)
    return text
}

# The whole of a file.
function slurp(path,    text, line) {
    text = ""
    while ((getline line < path) > 0)
        text = text line "\n"
    close(path)
    return text
}

# The first comment of a header, behind its licence.
function opening(text) {
    sub(/^[^\n]*\n/, "", text)
    return bare(substr(text, 1, index(text, "*/") + 1))
}

function stem(path) {
    sub(/.*\//, "", path)
    sub(/\.h$/, "", path)
    return path
}

# The numbered paragraphs of a section of README.md.
function caveats(title,    line, inside, text, listed) {
    while ((getline line < "README.md") > 0) {
        if (line == "## " title) {
            inside = 1
            print ".Sh CAVEATS"
        } else if (inside && (line ~ /^## / || line ~ /^[0-9]+[.] / ||
                              line == "")) {
            if (text != "")
                prose(text)
            text = ""
            if (line ~ /^## /)
                break
            if (line ~ /^[0-9]/)
                print listed++ ? ".It" : ".Bl -enum\n.It"
            sub(/^[0-9]+[.] /, "", line)
            text = line
        } else if (inside) {
            text = text " " line
        }
    }
    close("README.md")
    print ".El"
}

BEGIN {
    path = ARGV[1]
    page = stem(path) == "cosend" ? "cosend" : "cosend_" stem(path)
    all = slurp(path)
    head = opening(all)
    n = split(all, line, "\n")
    for (i = 1; i <= n; i++)
        if (line[i] ~ /^COSEND_(API|INLINE)/ || line[i] ~ /^cosend_/)
            learn(" " line[i] ";")
    print ".\\\" Made from " (page == "cosend" ? "cosend.h" : \
        "cosend/" stem(path) ".h") " by lib/man.awk."
    print ".Dd " date
    print ".Dt " toupper(page) " 3"
    print ".Os"
    print ".Sh NAME"
    print ".Nm " page names
    print ".Nd " literal(sentence(head))
    print ".Sh SYNOPSIS"
    print ".In cosend.h"
    print ".Sh DESCRIPTION"
    tell(head, 1)

    depth = 0
    comments = 0
    for (i = 1; i <= n; i++) {
        text = line[i]
        if (text ~ /^\/\*/ && code ~ /^$|;$|[}]$/) {
            whole = text
            while (text !~ /\*\/ *$/ && i < n)
                whole = whole "\n" (text = line[++i])
            if (++comments <= 2) # the licence, and the opening
                continue
            finish()
            if (whole ~ /^\/\* ---- .* -+ \*\/$/) {
                sub(/^\/\* ---- /, "", whole)
                sub(/ -+ \*\/$/, "", whole)
                heading_due = whole
            } else {
                comment = bare(whole)
            }
        } else if (text ~ /^#include "cosend\//) {
            split(text, part, "\"")
            header[++headers] = part[2]
        } else if (text ~ /^#define COSEND_([A-Z_]*_)?H$/ ||
                   text ~ /^#define COSEND_[A-Z]*_\(/) {
            while (line[i] ~ /\\$/)
                i++
        } else if (text ~ /^#define /) {
            # Of what takes arguments no more than these.
            whole = text
            sub(/ *\\$/, "", whole)
            if (match(whole, /^#define [A-Z_0-9]+\([^)]*\)/))
                whole = substr(whole, 1, RLENGTH)
            code = code (code == "" ? "" : "\n") whole
            while (line[i] ~ /\\$/) {
                if (whole !~ /\)$/) {
                    next_line = line[i + 1]
                    sub(/ *\\$/, "", next_line)
                    code = code "\n" next_line
                }
                i++
            }
        } else if (text ~ /^#/ || text ~ /^extern "C"/ ||
                   (text == "}" && depth == 0)) {
            continue
        } else if (text ~ /^ *$/ && depth == 0) {
            if (code != "")
                finish()
        } else {
            code = code (code == "" ? "" : "\n") text
            depth += gsub(/[{]/, "{", text) - gsub(/[}]/, "}", text)
        }
    }
    finish()
    for (i = 2; i <= headers; i++)
        for (k = i; k > 1 && stem(header[k]) < stem(header[k - 1]); k--) {
            text = header[k]
            header[k] = header[k - 1]
            header[k - 1] = text
        }

    if (page == "cosend") {
        print ".Sh HEADERS"
        print "All of them come with"
        print ".In cosend.h ."
        print ".Bl -tag -width Ds"
        for (i = 1; i <= headers; i++) {
            print ".It Xr cosend_" stem(header[i]) " 3"
            prose(sentence(opening(slurp("lib/" header[i]))) ".")
        }
        print ".El"
    }
    print ".Sh SEE ALSO"
    print ".Xr cosend 1" (page == "cosend" ? "" : " ,")
    if (page != "cosend") {
        print ".Xr cosend 3" (headers ? " ," : "")
        for (i = 1; i <= headers; i++)
            print ".Xr cosend_" stem(header[i]) " 3" (i < headers ? " ," : "")
    }
    if (page == "cosend")
        caveats("Caveats of the coroutines")
}
