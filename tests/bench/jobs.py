# SPDX-License-Identifier: MIT
"""What is measured, against whom, and what is due.

A job is a pipeline of cosend and the same job for others. In a command INPUT
is the job's file, DATA the folder that it is in, OUT a folder of the command's
own, WORDS the alternation of 100 words, COSEND the program, and FILTERS the
program with a user's filters.
"""
from dataclasses import dataclass, field


@dataclass
class Job:
    group: str      # what BENCH_JOBS calls it
    name: str
    input: str      # a file of generate.c's
    pipeline: str   # in one line, or a spec in this folder
    options: str = ''
    program: str = 'COSEND'
    peers: dict = field(default_factory=dict)   # by name: a command
    duckdb: str = ''                            # a query,
    copy: str = 'csv, HEADER'                   # and what its rows become
    polars: str = ''                            # an expression of JavaScript
    # All must write the same: 'bytes', 'rows' of CSV in any order, lines of the
    # same 'json', or an 'array' of it.
    same: str = 'rows'
    # By peer: at most how many times its time, with -j1 and by default.
    due: dict = field(default_factory=dict)
    # By peer: at most how many nanoseconds a record longer, with -j1.
    over: dict = field(default_factory=dict)
    # At most how many seconds, with -j1.
    within: float = None
    # Resident memory does not depend on the size of the input.
    bounded: bool = True
    # What one thread alone may do of it, of the time with -j1; None: any.
    sequential: float = 0.05

    def query(self, database):
        return {'DuckDB': self.duckdb, 'Polars': self.polars}[database]


# ---- grep -------------------------------------------------------------------

def grep(name, pattern, flags=''):
    return Job('grep', f'grep: {name}', 'access.log', f"grep '{flags}{pattern}'",
               peers={
                   'ripgrep': f"rg --no-config '{flags}{pattern}' INPUT",
                   'GNU grep': f"grep -E{'i' if flags else ''} "
                               f"'{pattern}' INPUT"},
               same='bytes', due={'ripgrep': (1.1, 0.9)})


GREP = [
    grep('rare literal', 'wp-admin/setup'),
    grep('common literal', 'Firefox'),
    grep('regex with a literal', '/tags/[a-f][a-z]+[n-s]o '),
    grep('regex without', '[45][0-9]{2}[[:space:]][0-9]{5,}'),
    grep('(?i)', 'EXAMPLEbot', '(?i)'),
    grep('anchored', '^203[.]0[.]113[.]1[0-9] '),
    grep('alternation of 4', 'wp-login|phpmyadmin|[.]env|xmlrpc'),
    grep('alternation of 100', 'WORDS'),
]

# The geometric mean over all of them, as `due`.
GREP_MEAN = {'ripgrep': (0.75, 0.5)}

# ---- Many strings ----------------------------------------------------------


def strings(count):
    file = f'DATA/strings-{count}.txt'
    return Job('strings', f'grep: {count:,} strings', 'access.log',
               f'grep patterns_file={file} fixed=true',
               peers={'ripgrep': f'rg --no-config -j1 -F -f {file} INPUT',
                      'GNU grep': f'grep -F -f {file} INPUT'},
               same='bytes',
               due={'ripgrep': (1.2, 0.7), 'GNU grep': (1.2, 0.7)})


STRINGS = [strings(1000), strings(20000)]

# ---- Columns ----------------------------------------------------------------

MILLER = 'mlr --icsv --ocsv'

CSV = [
    Job('csv', 'CSV: mean and count by host', 'access.csv',
        'average ms by=host',
        peers={
            'Miller': f'{MILLER} stats1 -a count,mean -f ms -g host INPUT',
            'mawk': "mawk -F, 'NR > 1 { n[$2]++; sum[$2] += $7 } END { for "
                    '(h in n) printf "%s,%d,%.17g\\n", h, n[h], sum[h] / n[h] '
                    "}' INPUT"},
        duckdb="SELECT host, count(ms), avg(ms) FROM 'INPUT' GROUP BY host",
        polars="pl.scanCSV('INPUT').groupBy('host').agg("
               "pl.col('ms').count().alias('count'), "
               "pl.col('ms').mean().alias('average'))",
        due={'DuckDB 1': (0.25, None), 'DuckDB 2': (None, 0.3),
             'Polars 1': (0.5, None), 'Polars 2': (None, 0.5),
             'Miller': (0.08, None)}),
    Job('csv', 'CSV: rows with status >= 500', 'access.csv',
        'where field=status op=ge value=500',
        peers={'Miller': f"{MILLER} filter '$status >= 500' INPUT"},
        duckdb="SELECT * FROM read_csv('INPUT', types = {'time': 'VARCHAR'}) "
               'WHERE status >= 500',
        due={'DuckDB 1': (0.15, None), 'DuckDB 2': (None, 0.15),
             'Miller': (0.08, None)}),
    Job('csv', 'CSV: select 2 of 8 columns', 'access.csv', 'select host,status',
        peers={'Miller': f'{MILLER} cut -o -f host,status INPUT',
               'cut': 'cut -d, -f2,5 INPUT'},
        due={'Miller': (0.1, None)}),
]

JSON = [
    Job('json', 'JSON lines: mean by host', 'access.jsonl',
        'average ms by=host', options='-t csv',
        peers={
            # setpath, for .[$r.host] |= copies all hosts with every record.
            'jq': "jq -nr 'reduce inputs as $r ({}; setpath([$r.host]; "
                  'getpath([$r.host]) | [.[0] + 1, .[1] + $r.ms])) | '
                  'to_entries[] | [.key, .value[0], .value[1] / .value[0]] '
                  "| @csv' INPUT",
            'Miller': 'mlr --ijsonl --ocsv stats1 -a count,mean -f ms -g host '
                      'INPUT'},
        duckdb='SELECT host, count(ms), avg(ms) FROM read_json(\'INPUT\', '
               "format = 'newline_delimited', "
               "columns = {host: 'VARCHAR', ms: 'DOUBLE'}) GROUP BY host",
        due={'DuckDB 1': (0.35, None), 'DuckDB 2': (None, 0.35),
             'jq': (0.06, None)}),
]

# Every value is text for all of them.
CONVERT = [
    Job('convert', 'CSV to JSON lines', 'access.csv', 'print format=jsonl',
        peers={'Miller': 'mlr -S --icsv --ojsonl cat INPUT'},
        duckdb="SELECT * FROM read_csv('INPUT', all_varchar = true)",
        copy='json', same='json',
        due={'DuckDB 1': (0.5, None), 'DuckDB 2': (None, 0.4),
             'Miller': (0.03, None)}),
    Job('convert', 'JSON lines to CSV', 'access.jsonl', 'print format=csv',
        peers={'Miller': 'mlr -S --ijsonl --ocsv cat INPUT'},
        duckdb="SELECT * FROM read_json('INPUT', "
               "format = 'newline_delimited', columns = {"
               + ', '.join(f"{name}: 'VARCHAR'" for name in (
                   'time', 'host', 'method', 'url', 'status', 'size', 'ms',
                   'agent')) + '})',
        due={'DuckDB 1': (0.5, None), 'DuckDB 2': (None, 0.4),
             'Miller': (0.03, None)}),
]

TEXT = [
    Job('text', 'text: average of a number a line', 'numbers.txt', 'average',
        peers={
            'mawk': "mawk '{ sum += $1 } END "
                    '{ printf "%d,%.17g\\n", NR, sum / NR }\' INPUT',
            'datamash': "sh -c 'datamash -t, -R 12 count 1 mean 1 < INPUT'"},
        due={'mawk': (0.3, None)}),
]

KEYS = [
    Job('keys', 'CSV: count by a million keys', 'keys.csv', 'count by=key',
        peers={'Miller': f'{MILLER} count -g key INPUT'},
        duckdb="SELECT key, count(*) FROM 'INPUT' GROUP BY key",
        due={'DuckDB 1': (0.4, None), 'cosend -j1': (None, 0.7)},
        bounded=False, sequential=None),
]

# ---- Verbs ------------------------------------------------------------------

# What has its header first and the rest sorted, by GNU sort.
SORT = "sh -c \"head -n 1 INPUT && tail -n +2 INPUT | sort -s -t, {}\""

# For DuckDB, which would write a time another way.
AS_IT_COMES = "read_csv('INPUT', types = {'time': 'VARCHAR'})"

SORTS = [
    Job('sort', 'CSV: sort by a number', 'access.csv', 'sort ms',
        peers={'Miller': f'{MILLER} sort -nf ms INPUT',
               'GNU sort': SORT.format('-k7,7n')},
        duckdb=f'SELECT * FROM {AS_IT_COMES} ORDER BY ms',
        due={'GNU sort': (1, None), 'DuckDB 1': (1, None),
             'Miller': (1, None)}, bounded=False, sequential=None),
    Job('sort', 'CSV: sort by text and a number', 'access.csv',
        'sort host,-ms',
        peers={'Miller': f'{MILLER} sort -f host -nr ms INPUT',
               'GNU sort': SORT.format('-k2,2 -k7,7nr')},
        duckdb=f'SELECT * FROM {AS_IT_COMES} ORDER BY host, ms DESC',
        due={'GNU sort': (1, None), 'DuckDB 1': (1, None),
             'Miller': (1, None)}, bounded=False, sequential=None),
    Job('sort', 'CSV: top 10', 'access.csv', 'top 10 ms',
        peers={'Miller': f'{MILLER} top -a -n 10 -f ms INPUT'},
        duckdb=f'SELECT * FROM {AS_IT_COMES} ORDER BY ms DESC LIMIT 10',
        due={'DuckDB 1': (1, None), 'Miller': (1, None)}),
    Job('sort', 'CSV: the first of each host and status', 'access.csv',
        'dedup host,status',
        peers={'Miller': f'{MILLER} head -n 1 -g host,status INPUT',
               'mawk': "mawk -F, '!seen[$2, $5]++' INPUT"},
        same='bytes', due={'mawk': (1, None), 'Miller': (1, None)}),
]

FIVE = 'count,sum,mean,min,max'

GROUPS = [
    Job('groups', 'CSV: five aggregates by host', 'access.csv',
        'aggregate by=host count() sum(ms) mean(ms) min(ms) max(ms)',
        peers={'Miller': f'{MILLER} stats1 -a {FIVE} -f ms -g host INPUT'},
        duckdb="SELECT host, count(*), sum(ms), avg(ms), min(ms), max(ms) "
               "FROM 'INPUT' GROUP BY host",
        due={'DuckDB 1': (0.5, None), 'DuckDB 2': (None, 0.5),
             'Miller': (1, None)}),
    Job('groups', 'CSV: 95th percentile by host', 'access.csv',
        'aggregate by=host p95(ms)',
        duckdb="SELECT host, quantile_disc(ms, 0.95) FROM 'INPUT' "
               'GROUP BY host',
        due={'DuckDB 1': (1, None)}, bounded=False),
    Job('groups', 'CSV: distinct urls by status', 'access.csv',
        'aggregate by=status distinct(url)',
        peers={'Miller': f'{MILLER} count-distinct -f status,url then '
                         'count -g status INPUT'},
        duckdb="SELECT status, count(DISTINCT url) FROM 'INPUT' "
               'GROUP BY status',
        due={'DuckDB 1': (1, None), 'Miller': (1, None)}, bounded=False),
    Job('groups', 'CSV: an aggregate of an expression by host', 'access.csv',
        'aggregate by=host kib=sum(size / 1024)',
        peers={'Miller': f"{MILLER} put '$kib = $size / 1024' then "
                         'stats1 -a sum -f kib -g host INPUT'},
        duckdb="SELECT host, sum(size / 1024) FROM 'INPUT' GROUP BY host",
        due={'DuckDB 1': (1, None), 'Miller': (1, None)}),
]

# A table of a million where there are three million records or more.
JOIN = [
    Job('join', 'the table of a join, loaded alone', 'none.csv',
        'lookup DATA/table.csv on=key', within=1, bounded=False,
        sequential=None),
    Job('join', 'CSV: join with a table of a million', 'keys.csv',
        'lookup DATA/table.csv on=key',
        peers={'Miller': f'{MILLER} join -u -j key -f DATA/table.csv then '
                         'cut -o -f id,key,value,label INPUT'},
        duckdb="SELECT id, key, value, label FROM 'INPUT' "
               "LEFT JOIN 'DATA/table.csv' USING (key)",
        due={'DuckDB 1': (1, None), 'Miller': (1, None)}, bounded=False,
        sequential=None),
]

FIELDS = [
    Job('fields', 'CSV: arithmetic', 'access.csv',
        'set seconds = ms / 1000, total = size + ms * 2',
        peers={'Miller': f"{MILLER} put '$seconds = $ms / 1000; "
                         "$total = $size + $ms * 2' INPUT"},
        duckdb=f'SELECT *, ms / 1000, size + ms * 2 FROM {AS_IT_COMES}',
        due={'DuckDB 1': (1, None), 'Miller': (1, None)}),
    Job('fields', 'CSV: rows by an expression', 'access.csv',
        'where status >= 500 && ms > 100',
        peers={'Miller': f"{MILLER} filter '$status >= 500 && $ms > 100' INPUT"},
        duckdb=f'SELECT * FROM {AS_IT_COMES} WHERE status >= 500 AND ms > 100',
        due={'DuckDB 1': (0.3, None), 'Miller': (0.03, None)}),
    Job('fields', 'text: replace by a pattern', 'access.log',
        'replace "GET ([^ ]+)" "GOT $1"',
        peers={'sed': "sed -E 's/GET ([^ ]+)/GOT \\1/g' INPUT",
               'ripgrep': "rg --no-config --passthru 'GET ([^ ]+)' "
                          "-r 'GOT $1' INPUT"},
        same='bytes', due={'sed': (1, None), 'ripgrep': (1, None)}),
]

# The fastest of eight ways to say it.
FLATTEN = ('def f($n): keys_unsorted[] as $k | .[$k] | '
           'if type == "object" or type == "array" '
           'then f("\\($n)\\($k).") else {"\\($n)\\($k)": .} end; '
           'reduce f("") as $x ({}; . + $x)')

SHAPES = [
    Job('shapes', 'JSON lines: flatten', 'nested.jsonl', 'flatten',
        peers={'jq': f"jq -c '{FLATTEN}' INPUT"}, same='json',
        due={'jq': (1, None)}),
]

ARRAY = [
    Job('convert', 'CSV to a JSON array', 'access.csv', 'print format=json',
        peers={'Miller': 'mlr -S --icsv --ojson --jvstack cat INPUT'},
        duckdb="SELECT * FROM read_csv('INPUT', all_varchar = true)",
        copy='json, ARRAY true', same='array',
        due={'DuckDB 1': (1, None), 'Miller': (1, None)}),
]

# ---- Parsing ----------------------------------------------------------------

def by_regex(name, pattern, groups):
    """The groups of a pattern, as CSV, of the lines that match."""
    replacement = ','.join(f'${group}' for group in groups)
    return Job('parse', f'parse: {name}', 'combined.log',
               f"parse regex='{pattern}' no_match=drop",
               peers={'ripgrep': f"rg --no-config -o -r '{replacement}' "
                                 f"'{pattern}' INPUT"},
               due={'ripgrep': (1.5, None)})


PARSE = [
    Job('parse', 'parse: combined, count by status', 'combined.log',
        'parse combined | count by=status',
        peers={'mawk': "mawk '{ c[$9]++ } END { for (s in c) "
                       'print s "," c[s] }\' INPUT'},
        due={'mawk': (0.25, 0.14)}),
    by_regex('regex, five fields',
             '^(?<host>[^ ]+) [^"]*"(?<method>[A-Z]+) (?<url>[^ ]+) [^"]*" '
             '(?<status>[0-9]{3}) (?<size>[0-9]+) ',
             ['host', 'method', 'url', 'status', 'size']),
    by_regex('regex, one field of few lines', 'HTTP/1.1" (?<status>5[0-9]+) ',
             ['status']),
]

# ---- Several jobs on one reading --------------------------------------------

BROADCAST = [
    Job('broadcast', 'CSV broadcast of three jobs', 'access.csv',
        'broadcast.json', options='-p out=OUT',
        peers={
            'three runs': '''sh -c "
                COSEND 'average ms by=host' INPUT -j1 -o OUT/hosts.csv &&
                COSEND 'where field=status op=ge value=500' INPUT -j1 \
                    -o OUT/errors.csv &&
                COSEND 'count by=url' INPUT -j1 -o OUT/urls.csv"''',
            'Miller': f'''sh -c "
                {MILLER} stats1 -a count,mean -f ms -g host INPUT \
                    > OUT/hosts.csv &&
                {MILLER} filter '$status >= 500' INPUT > OUT/errors.csv &&
                {MILLER} count -g url INPUT > OUT/urls.csv"'''},
        due={'three runs': (0.6, None)}),
]

# ---- A user's filters -------------------------------------------------------

FILTER = [
    Job('filter', 'filter by receive and emit', 'access.log',
        'pass_records | count', program='FILTERS',
        peers={'by batches': "FILTERS 'pass_batches | count' INPUT -j1"},
        over={'by batches': 10}),
    Job('filter', 'grep by receive and emit', 'access.log',
        'grep_records wp-admin/setup', program='FILTERS',
        peers={'built in': "COSEND 'grep wp-admin/setup' INPUT -j1"},
        same='bytes', over={'built in': None}),
]

VERBS = SORTS + GROUPS + JOIN + FIELDS + SHAPES + ARRAY + PARSE

JOBS = (GREP + STRINGS + CSV + JSON + CONVERT + TEXT + KEYS + BROADCAST +
        FILTER + VERBS)

# Whether time grows as the input does is seen on these.
LINEAR = [GREP[2], CSV[0], JSON[0], TEXT[0]]
