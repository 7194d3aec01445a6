# SPDX-License-Identifier: MIT
#
# Judges what tests/check-rooms.sh found out about the files of lib/, filters/
# and cli/, and prints what is wrong, a line each. It reads
#
#   defines FILE SYMBOL       FILE is a path without its suffix, so that x.c and
#   uses FILE SYMBOL          x.h are one
#   includes PATH HEADER      as it is written
#   declares PATH SYMBOL      a header, and a hidden name
#   unbuilt PATH              a source without its object
#   lines PATH COUNT
#   function PATH NAME COUNT  and its length in lines

BEGIN {
    # A room uses what is in front of it here, and no neighbour of its line.
    split("base|coroutine|record|match group io|cosend|format|expression|" \
          "plan|spec stage|run|read|endpoint|pipeline", line, "|")
    for (i in line) {
        n = split(line[i], room, " ")
        for (k = 1; k <= n; k++)
            level[room[k]] = i
    }

    # The rooms of public headers; those of no room are what filters are
    # written with.
    n = split("base bytes=base digest=base text=base version=base coroutine record number=record " \
              "numbers=record fill=record value=record template=record " \
              "access_log=record taker=record bar=record conversion=record line_form=record " \
              "line_pattern=record find=record recognize=record time=record " \
              "match event_lines=match grok=match " \
              "group index=group profile=group tally=group io " \
              "nested=format encoder=format " \
              "expression pipeline=plan plugin=plan",
              header, " ")
    for (i = 1; i <= n; i++) {
        split(header[i] "=" header[i], part, "=")
        home["cosend/" part[1] ".h"] = part[2]
    }
    # One function of filters/ is the library's way to all of them.
    gate = "cosend_builtin_filters"
    tables["lib/record/number_powers.c"] = 1
    most_lines = 600
    most_function = 60

    # A file of lib/ shares the name of a function of its own with two others at
    # most, but for these, which are roles.
    most_shared = 3
    roles["body"] = roles["check"] = 1
}

$1 == "defines" { files[$2]; owner[$3] = $2 }
$1 == "uses" { files[$2]; use[++uses] = $2 " " $3 }
$1 == "includes" { include[++includes] = $2 " " $3 }
$1 == "declares" { declaration[++declarations] = $2 " " $3 }
$1 == "unbuilt" { wrong($2 " was not built: run make") }
$1 == "lines" && $3 > most_lines && !($2 in tables) {
    wrong($2 ": " $3 " lines; at most " most_lines)
}
$1 == "function" && $4 > most_function {
    wrong($2 ": " $3 " has " $4 " lines; at most " most_function)
}
$1 == "function" && $2 ~ /^lib\/.*[.]c$/ && $3 !~ /^(csi|cosend)_/ &&
    !(($2, $3) in has) {
    has[$2, $3]
    sharers[$3]++
    shared_by[$3] = shared_by[$3] " " $2
}

# ---- Names ------------------------------------------------------------------

function wrong(text) {
    print text
    failed = 1
}

function stem(path) {
    sub(/[.][a-zA-Z]+$/, "", path)
    return path
}

# lib/match/teddy.c: match; filters/grep.c: filters.
function room_of(file, part) {
    split(file, part, "/")
    return part[1] == "lib" ? part[2] : part[1]
}

# Whether room a may use room b.
function is_below(b, a) {
    if (a == b)
        return 1
    if (a == "filters" || a == "cli")
        return b in level
    return (a in level) && (b in level) && level[b] + 0 < level[a] + 0 &&
           !((a, b) in beside)
}

# ---- Arrows between files, from symbols --------------------------------------

function add_arrows(i, part, from, to) {
    for (i = 1; i <= uses; i++) {
        split(use[i], part, " ")
        if (!(part[2] in owner))
            continue
        from = part[1]
        to = owner[part[2]]
        if (from == to)
            continue
        if (!((from, to) in why)) {
            target[from, ++targets[from]] = to
            arrow[++arrows] = from " " to
        }
        if (index(why[from, to] " ", " " part[2] " ") == 0)
            why[from, to] = why[from, to] " " part[2]
    }
}

function judge_arrows(i, part, a, b) {
    for (i = 1; i <= arrows; i++) {
        split(arrow[i], part, " ")
        a = room_of(part[1])
        b = room_of(part[2])
        if ((a in level) && b == "filters" &&
            why[part[1], part[2]] == " " gate)
            continue
        if (!is_below(b, a))
            wrong(part[1] " uses" why[part[1], part[2]] " of " part[2] \
                  ", which is not below it")
    }
}

function judge_hidden(i, part) {
    for (i = 1; i <= uses; i++) {
        split(use[i], part, " ")
        if (part[1] ~ /^(filters|cli)\// && part[2] ~ /^csi_/ &&
            room_of(owner[part[2]]) != room_of(part[1]))
            wrong(part[1] " uses " part[2] ", which is hidden")
    }
}

# ---- Circles -----------------------------------------------------------------

# Strongly connected components (Tarjan 1972): sets component[file].
function connect(file, i, to, member) {
    order[file] = lowest[file] = ++visited
    stack[++depth] = file
    on_stack[file] = 1
    for (i = 1; i <= targets[file]; i++) {
        to = target[file, i]
        if (!(to in order)) {
            connect(to)
            if (lowest[to] < lowest[file])
                lowest[file] = lowest[to]
        } else if (on_stack[to] && order[to] < lowest[file]) {
            lowest[file] = order[to]
        }
    }
    if (lowest[file] != order[file])
        return
    do {
        member = stack[depth--]
        on_stack[member] = 0
        component[member] = file
        members[file]++
    } while (member != file)
}

# A shortest way from a file back to itself, as arrows with their symbols; the
# files on it are put into shown.
function circle_of(file, queue, head, tail, i, to, via, at, text) {
    split("", via)
    queue[tail = 1] = file
    for (head = 1; head <= tail; head++) {
        for (i = 1; i <= targets[queue[head]]; i++) {
            to = target[queue[head], i]
            if (component[to] == component[file] && !(to in via)) {
                via[to] = queue[head]
                queue[++tail] = to
            }
        }
    }
    at = file
    do {
        shown[at]
        text = "\n    " via[at] " uses" why[via[at], at] " of " at text
        at = via[at]
    } while (at != file)
    return text
}

function judge_circles(file, sorted, n, i, k, swap) {
    for (file in files) {
        if (!(file in order))
            connect(file)
        sorted[++n] = file
    }
    for (i = 2; i <= n; i++)
        for (k = i; k > 1 && sorted[k] < sorted[k - 1]; k--) {
            swap = sorted[k]
            sorted[k] = sorted[k - 1]
            sorted[k - 1] = swap
        }
    for (i = 1; i <= n; i++) {
        file = sorted[i]
        if (members[component[file]] < 2)
            continue
        if (!(file in shown))
            wrong("a circle of files:" circle_of(file))
    }
}

# ---- Headers -----------------------------------------------------------------

function judge_includes(i, part, path, header, a, b) {
    for (i = 1; i <= includes; i++) {
        split(include[i], part, " ")
        path = part[1]
        header = part[2]
        if (path == "lib/cosend.h")
            continue
        a = room_of(path)
        if (path ~ /^lib\/cosend\//)
            a = (substr(path, 5) in home) ? home[substr(path, 5)] : "cosend"
        if (header in home)
            b = home[header]
        else if (header == "cosend.h")
            b = "pipeline"
        else
            b = room_of("lib/" header)
        if (a == "filters" && (header == "cosend.h" || header ~ /[.]def$/))
            continue
        if (a == "cli" && header ~ /^[a-z_]+[.]h$/)
            continue # of cli/ itself, and cosend.h
        if (a == "filters" || a == "cli")
            wrong(path " includes \"" header "\"; cosend.h is for all")
        else if (!is_below(b, a))
            wrong(path " includes \"" header "\", which is not below it")
    }
}

# Whether a source names a symbol: it may be one that is empty on this machine.
function names(source, symbol, text, result) {
    while ((getline text < source) > 0)
        if (index(text, symbol))
            result = 1
    close(source)
    return result
}

function judge_declarations(i, part, own, to) {
    for (i = 1; i <= declarations; i++) {
        split(declaration[i], part, " ")
        own = stem(part[1])
        if (part[2] in owner) {
            to = owner[part[2]]
            # One of these is built.
            if (own == "lib/coroutine/switch/switch" &&
                index(to, "lib/coroutine/switch/") == 1)
                continue
        } else if (names(own ".c", part[2])) {
            continue
        } else {
            to = "no file"
        }
        if (to != own)
            wrong(part[1] " declares " part[2] ", which is defined in " to)
    }
}

# ---- Names that say nothing in a backtrace -----------------------------------

function judge_shared_names(name) {
    for (name in sharers)
        if (sharers[name] > most_shared && !(name in roles))
            wrong(name " is a function of" shared_by[name] \
                  "; give it each file's noun")
}

END {
    add_arrows()
    judge_arrows()
    judge_hidden()
    judge_circles()
    judge_includes()
    judge_declarations()
    judge_shared_names()
    exit failed
}
