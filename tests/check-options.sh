#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Every option of every filter, source and sink is named in a case, in a line or
# a spec; a main option is by the value that stands for it. What several share,
# as those of readers, is one.

build=build
[ "${1-}" = --build ] && build=$2

python3 - "$build/cosend" <<'END'
import json, pathlib, re, subprocess, sys

described = json.loads(subprocess.run(
    [sys.argv[1], 'help', '--json'], capture_output=True, check=True).stdout)
cases = '\0'.join(path.read_text(errors='replace')
                  for path in pathlib.Path('tests/cases').rglob('*')
                  if path.is_file() and
                  path.name not in ('input', 'output', 'errors', 'ledger'))
named = {}
for of in described:
    words = '|'.join([of['name']] + (of['aliases'] or '').split())
    steps = ' '.join(
        re.findall(r'\b(?:%s)\b[^|\n\0]*' % words, cases) +
        re.findall(r'"(?:%s)": *[\[{][^\0]{0,400}' % words, cases))
    for option in of['options']:
        key = option['name'], option['help']
        found = option['main'] or option['second'] or re.search(
            r'[\s,"\']%s(?:=|"?:|["\'\s|]|$)' % option['name'], steps)
        named.setdefault(key, [of['name'], False])[1] |= bool(found)
for (name, _), (of, found) in named.items():
    if not found:
        print('%s of %s is in no case' % (name, of))
sys.exit(not all(found for _, found in named.values()))
END
