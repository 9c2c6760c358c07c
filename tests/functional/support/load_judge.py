#!/usr/bin/python3
"""load_judge.py ANSWERS AUDIT-FILE SYSLOG-FILE: whether each request of load.py had its answer and its record.

There are two policies, red and blue, in which every filter's user, context and file differs: each answer and each
record is that of one whole policy.  Prints a line for each thing that is wrong, and then the numbers.
"""
import collections
import json
import re
import shlex
import sys

USERS = {'red': '2101', 'blue': '2102'}
STATUS = {'denied': 99, 'missing': 96}
answers = [json.loads(line) for line in open(sys.argv[1], encoding='utf-8')]
wrong = []
colours = collections.Counter()


def records_of(path):
    """Those of one sink by id: the fields of the first part, and the command of all parts together."""
    found, parts = {}, collections.defaultdict(dict)
    for line in open(path, encoding='utf-8'):
        match = re.search(r'privsep-wrap\[\d+\]: (allow|deny|error|more|exit) id=([0-9a-f]{12}) (.*)$', line)
        if not match:
            if 'privsep-wrap[' in line and 'sudo' not in line:
                wrong.append('%s: not a whole record: %.100s' % (path, line))
            continue
        kind, name, rest = match.groups()
        fields, words = rest.split('cmd=', 1) if rest.startswith('cmd=') else rest.split(' cmd=', 1)
        fields = dict(field.split('=', 1) for field in shlex.split(fields))
        part = fields.get('part', '1/1')
        if part in parts[name]:
            wrong.append('%s: id=%s has two records' % (path, name))
        parts[name][part] = words
        if kind != 'more':
            found[name] = (kind, fields)
    joined = {}
    for name, (kind, fields) in found.items():
        count = int(fields.get('part', '1/1').split('/')[1])
        words = ''.join(parts[name].get('%d/%d' % (i + 1, count), ' MISSING ') for i in range(count))
        joined[name] = (kind, fields, words)
    return joined


def colour_of(text):
    return next((colour for colour, uid in USERS.items() if text.startswith(colour + ' ' + uid)), None)


def judge_answer(answer):
    kind, out = answer['kind'], answer['out']
    if answer['status'] != STATUS.get(kind, 0):
        return 'status'
    if kind in ('denied', 'missing'):
        return None if not out and answer['err'].startswith('privsep-wrap: ') else 'message'
    if kind == 'kill':
        return None if out == 'ended by 15' else 'not ended'
    if kind == 'read':
        return None if out == 'readable\n' else 'text'
    colour = colour_of(out)
    colours[colour] += 1
    number = answer['words'][{'chained': 4}.get(kind, 1)]
    return None if colour and out.split()[2:] == [number] else 'user'


def shown(answer):
    words = list(answer['words'])
    if answer['kind'] == 'masked':
        words[-1] = '***'
    return ' '.join("'***'" if word == '***' else word for word in words)


def judge_record(record):
    """A record that mixes the policies."""
    kind, fields, words = record
    if kind != 'allow':
        return None
    colour = fields['ctx']
    if '/%s/' % colour not in fields['src'] or fields['runas'] not in (colour, 'root'):
        return 'of no one policy: %s %s' % (fields, words[:80])
    return None


for answer in answers:
    fault = judge_answer(answer)
    if fault:
        wrong.append('%s: %.300s' % (fault, answer))
sinks = [records_of(path) for path in sys.argv[2:4]]
if sinks[0] != sinks[1]:
    wrong.append('the sinks differ: %.200s' % sorted(set(sinks[0]) ^ set(sinks[1])))
expected = collections.Counter(('deny' if a['kind'] in STATUS else 'allow', shown(a)) for a in answers)
recorded = collections.Counter((kind, words) for kind, fields, words in sinks[0].values())
for entry, count in ((expected - recorded) + (recorded - expected)).items():
    wrong.append('%d, recorded %d: %.200s' % (expected[entry], recorded[entry], entry))
wrong += filter(None, map(judge_record, sinks[0].values()))
print('\n'.join(wrong[:20]))
print('numbers requests=%d records=%d red=%d blue=%d wrong=%d' % (
    len(answers), len(sinks[0]), colours['red'], colours['blue'], len(wrong)))
