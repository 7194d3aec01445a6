# SPDX-License-Identifier: MIT
"""Every option that names a field, with names that are none, behind other steps.

    names.py COSEND

Who names a field that no record has is to be told: a run that has nothing on
standard error is a wrong answer in silence. Who names one that is there must
not be told that it is not. Each LINE is tried with each name of ABSENT and
PRESENT, in JSON lines and in CSV.
"""
import os
import subprocess
import sys
import tempfile

JSONL = '''\
{"id":1,"k":"a","n":5,"s":"x;y","user":{"name":"ann","age":3},"nul":null}
{"id":2,"k":"b","n":7,"s":"z","user":{"name":"bob","age":4},"some":4}
{"id":3,"k":"a","n":9,"s":"w;v","user":{"name":"cid","age":5}}
'''
CSV = '''\
id,k,n,s,nul,some
1,a,5,x;y,,
2,b,7,z,,4
3,a,9,w;v,,
'''

LINES = '''\
aggregate by={F} count()
aggregate sum({F})
aggregate q=max({F}) by=k
aggregate distinct({F})
aggregate p95({F} * 2)
average {F}
average id by={F}
case upper {F}
convert {F}=string
count {F}
count distinct={F}
date {F}
date {F} as=q
dedup {F}
drop {F}
enumerate q by={F}
expect "{F} > 0"
expect unique={F} action=warn
expect sorted={F} action=warn
explode {F}
fill {F} value=0
fill {F} down=true
fill id down=true by={F}
flatten fields={F}
format "{{F}}"
fraction {F}
fraction id by={F}
frequency {F}
grep a field={F}
hash {F}
hash {F} as=q
head 1 by={F}
histogram {F} bins=2 lo=0 hi=10
implode {F}
lookup t.csv on={F} key=key
parse regex="(?<q>.)" field={F}
pivot {F} id
pivot k {F}
pivot k id by={F}
rename {F}=q
reorder {F}
reorder id before={F}
replace x q fields={F}
running sum {F}
running sum id by={F}
sample every=2 by={F}
sample rate=0.9 key={F}
select {F}
sessionize {F} time=id
sessionize id time={F}
select id,{F}
set q = {F}
set q = {F} ?? "none"
set q = coalesce({F}, 1)
set q = if(exists({F}), 1, 2)
slice 1 2 by={F}
sort {F}
sort -{F}
split {F} ; into=a,b
stats {F}
tail 1 by={F}
throttle 1 by={F} time=id
throttle 1 time={F}
timeslice {F} 5m
top 2 {F}
top 2 id by={F}
transpose {F}
unpivot {F}
unpivot id keep={F}
where {F} == 1
where {F} > 1
where exists({F})
where empty({F})
where {F} in [1, 2]
where {F} =~ "x"
where field={F} op=eq value=1
window count by={F} records=2
window sum({F}) records=2
window count size=5m time={F}'''.split('\n')

# A name, and what stands before the step. None has it then.
ABSENT = [
    ('zz', ''), ('user.zz', ''), ('s.x', ''), ('n', 'drop n | '),
    ('n', 'rename n=m | '), ('user.name', 'drop user | '),
    ('user.name', 'rename user=p | '), ('p.zz', 'rename user=p | '),
    ('made.zz', 'set made = user | '), ('made.zz', 'set made = id | '),
    ('n', 'select id,k,s,user | '), ('user.zz', 'select id,k,user | '),
    ('p.zz', 'select id,k,user | rename user=p | '),
    ('n', 'where id > 0 | drop n | sort id | '),
    ('p.zz', 'rename user=p | sort id | '),
    ('user.name', 'enumerate user overwrite=true | '),
    ('user.name', 'set user = absent | '),
    ('zz', 'set q = 1 | '), ('zz', 'enumerate num | '), ('zz', 'flatten | ')]
PRESENT = [
    ('n', ''), ('some', ''), ('nul', ''), ('user.name', ''),
    ('made', 'set made = n * 2 | '), ('made.name', 'set made = user | '),
    ('m', 'rename n=m | '), ('p.name', 'rename user=p | '),
    ('user.age', 'sort -id | '), ('num', 'enumerate num | '),
    ('user.name', 'flatten | ')]

DENIALS = ('no record had', 'there is no column', 'there is no field')


def main():
    cosend = os.path.abspath(sys.argv[1])
    runs = wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        files = {'d.jsonl': JSONL, 'd.csv': CSV, 't.csv': 'key,city\na,Rome\n'}
        for name, text in files.items():
            with open(os.path.join(folder, name), 'w') as file:
                file.write(text)
        for data in 'd.jsonl', 'd.csv':
            for name, before, absent in (
                    [(*case, True) for case in ABSENT] +
                    [(*case, False) for case in PRESENT]):
                if data == 'd.csv' and 'user' in name + before:
                    continue
                for line in LINES:
                    line = before + line.replace('{F}', name)
                    told = subprocess.run(
                        [cosend, line, data], cwd=folder, text=True,
                        stdin=subprocess.DEVNULL, capture_output=True).stderr
                    runs += 1
                    if absent and not told:
                        print('told of nothing: %s (%s)' % (line, data))
                        wrong += 1
                    if not absent and any(word in told for word in DENIALS):
                        print('told of what is there: %s (%s): %s' % (
                            line, data, told.strip()))
                        wrong += 1
    print('%d lines, %d of them told the wrong thing' % (runs, wrong))
    return wrong > 0


if __name__ == '__main__':
    sys.exit(main())
