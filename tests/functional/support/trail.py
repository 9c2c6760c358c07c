#!/usr/bin/python3
"""trail.py text|json raw|file|short|message|report KINDS <LINES: the records of one request, read back.

They must be of these kinds, as in `allow,exit`.  Writes the words of the command, each with a NUL behind it.
Text is read by a shell, as the manual promises, JSON by Python.  Whatever is not as the manual says is told on
standard error, with status 1.  LINES: raw datagrams, those of audit_file, of `journalctl -o short`, bare records,
or records of any length as `privsep-wrapctl report --reassemble` shows them.
"""
import json
import re
import subprocess
import sys

PREFIX = {
    'raw': rb'<[0-9]+>privsep-wrap\[[0-9]+\]: ',
    'file': rb'[0-9]{4}(?:-[0-9]{2}){2}T(?:[0-9]{2}[:.]){3}[0-9]{6}Z sandbox privsep-wrap\[[0-9]+\]: ',
    'short': rb'[A-Z][a-z]{2} [ 0-9][0-9] [0-9]{2}:[0-9]{2}:[0-9]{2} sandbox privsep-wrap\[[0-9]+\]: ',
    'message': rb'',
    'report': rb'(?:[0-9T:.-]{26}Z - privsep-wrap: )?',
}
LONGEST = 2048
SUBJECT = 'id user uid auid ses tty cwd ppid unit claims? conf '
DECISION = 'filter src runas ctx caps exe '
COMMAND = 'bytes? tail? argc part? parts? continues? cmd'
KEYS = {
    'allow': SUBJECT + DECISION + COMMAND,
    'deny': SUBJECT + DECISION + 'reason ' + COMMAND,
    'error': SUBJECT + 'reason path? line? owner? mode? detail? ' + COMMAND,
    'more': 'id of? part parts continues? cmd',
    'exit': 'id filter status signal ms',
}
NUMBERS = set('uid auid ses ppid line owner bytes argc status ms part parts'.split())
SAFE = '[A-Za-z0-9_@%+=:,./-]'
QUOTED = r"'[ -&(-~]*'|\$'(?:[ -&(-\[\]-~]|\\'|\\\\|\\[0-3][0-7]{2})*'"
VALUE = '%s+|%s' % (SAFE, QUOTED)
WORD = '(?:%s|%s)+' % (SAFE, QUOTED)    # one that was cut is joined of several


def fail(complaint, line=b''):
    sys.exit('%s: %r' % (complaint, line[:300]))


def bare(line, transport):
    match = re.match(PREFIX[transport], line)
    if not match:
        fail('not a line of this transport', line)
    record = line[match.end():]
    if len(record) > LONGEST and transport != 'report':
        fail('%d bytes' % len(record), line)
    if not re.fullmatch(rb'[ -~]+', record):
        fail('not printable ASCII', line)
    return record.decode('ascii')


def check_keys(kind, keys, record):
    if kind not in KEYS:
        fail('unknown kind ' + kind, record.encode())
    wanted = ''.join('(?:%s )?' % key[:-1] if key.endswith('?') else key + ' ' for key in KEYS[kind].split())
    if not re.fullmatch(wanted, ''.join(key + ' ' for key in keys)):
        fail('not the keys of ' + kind, record.encode())


def parse_text(record):
    """Facts as strings; cmd as it is written."""
    head, separator, command = record.partition(' cmd=')
    kind, *_ = head.split(' ', 1)
    facts, at = {}, len(kind)
    while at < len(head):
        match = re.compile(r' ([a-z]+)=(%s)(?![^ ])' % VALUE).match(head, at)
        if not match or match[1] in facts:
            fail('not a fact at byte %d' % at, record.encode())
        facts[match[1]] = match[2]
        at = match.end()
    if 'part' in facts:
        number = re.fullmatch('([0-9]+)/([0-9]+)', facts['part'])
        facts['part'], facts['parts'] = int(number[1]), int(number[2])
    if separator:
        facts['cmd'] = command
    # Behind part stands its total in JSON only.
    order = [key for key in facts if key != 'cmd' and key != 'parts'] + (['cmd'] if separator else [])
    if 'part' in facts:
        order.insert(order.index('part') + 1, 'parts')
    check_keys(kind, order, record)
    return kind, facts


def parse_json(record):
    if not record.startswith('@cee: {'):
        fail('not JSON behind @cee:', record.encode())
    pairs = json.loads(record[len('@cee: '):], object_pairs_hook=lambda pairs: pairs)
    kind, facts = dict(pairs).get('record'), dict(pairs)
    if pairs[0] != ('record', kind) or len(facts) != len(pairs):
        fail('record is not first, or a key is there twice', record.encode())
    check_keys(kind, [key for key, _ in pairs[1:]], record)
    for key, value in pairs[1:]:
        if key == 'cmd':
            fits = isinstance(value, list) and all(isinstance(word, str) for word in value)
        elif key == 'continues':
            fits = value is True
        else:
            fits = value is None or isinstance(value, int if key in NUMBERS else str) and value is not True
        if not fits:
            fail('not the type of ' + key, record.encode())
    return kind, facts


def check_parts(records):
    """One record, or its numbered parts, in order and complete."""
    kind, first = records[0]
    count = first.get('parts', 1)
    if len(records) != count or kind == 'more':
        fail('%d records, parts of %s %d' % (len(records), kind, count))
    for number, (kind, facts) in enumerate(records, 1):
        if count > 1 and (facts['part'], facts['parts'], facts['id']) != (number, count, first['id']):
            fail('part %d of %d is %s' % (number, count, facts))
        if number > 1 and (kind != 'more' or facts.get('of') != ('error' if records[0][0] == 'error' else None)):
            fail('part %d of %s is %s' % (number, records[0][0], facts))


def words_of_text(records):
    command = ''.join(facts['cmd'] for _, facts in records)
    # Nothing may be left for the shell to expand.
    if not re.fullmatch('%s(?: %s)*' % ((WORD, WORD)), command):
        fail('not quoted words', command.encode())
    script = "words=(%s)\nprintf '%%s\\0' \"${words[@]}\"\n" % command
    return subprocess.check_output(['bash'], input=script.encode(), env={'LC_ALL': 'C'})


def words_of_json(records):
    words = []
    for _, facts in records:
        for place, word in enumerate(facts['cmd']):
            written = word.encode('utf-8', 'surrogateescape')
            if facts.get('continues') and place == 0:
                words[-1] += written
            else:
                words.append(written)
    return b''.join(word + b'\0' for word in words)


def split(records):
    """Each record with its parts."""
    groups = []
    for kind, facts in records:
        if kind != 'more' or not groups:
            groups.append([])
        groups[-1].append((kind, facts))
    return groups


def command_of(group, words_of):
    facts = group[0][1]
    words = words_of(group)
    if 'bytes' not in facts and words.count(b'\0') != int(facts['argc']):
        fail('argc=%s, but %d words' % (facts['argc'], words.count(b'\0')))
    return words


def main():
    form, transport, kinds = sys.argv[1:]
    lines = sys.stdin.buffer.read().split(b'\n')
    if lines.pop() != b'':
        fail('no whole line')
    parse, words_of = (parse_text, words_of_text) if form == 'text' else (parse_json, words_of_json)
    groups = split([parse(bare(line, transport)) for line in lines])
    for group in groups:
        check_parts(group)
    found = ','.join(group[0][0] for group in groups)
    if found != kinds or len({group[0][1]['id'] for group in groups}) != 1:
        fail('the kinds are %s, or not of one id' % found)
    commands = {command_of(group, words_of) for group in groups if 'cmd' in group[0][1]}
    if len(commands) != 1:
        fail('not one command')
    sys.stdout.buffer.write(commands.pop())


main()
