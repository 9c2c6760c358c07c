"""Policies in a temporary directory, and our decisions by them."""

import json
import os
import pathlib
import re
import subprocess

import common
from oracle import MACHINE, Oracle
from explain import Explainer

BARE = re.compile(r'[A-Za-z0-9_@%+=:,./-]+')


def quote(word):
    """A word as our programs read it."""
    if BARE.fullmatch(word):
        return word
    return "$'" + ''.join(f'\\{byte:03o}' for byte in os.fsencode(word)) + "'"


def unquote(line):
    """The words of a line in that quoting."""
    words = re.findall(r"""(?:[A-Za-z0-9_@%+=:,./-]+|'[^']*'|\$'(?:[^'\\]|\\.)*')+""", line)
    return [''.join(map(unquote_part, re.findall(r"""[^'$]+|'[^']*'|\$'(?:[^'\\]|\\.)*'""", word))) for word in words]


def unquote_part(part):
    """Bare text, '...' or $'...'."""
    if part.startswith("$'"):
        octal = re.sub(rb'\\([0-7]{3})', lambda match: bytes([int(match[1], 8)]), part[2:-1].encode())
        return os.fsdecode(octal)
    return part.strip("'")


class Policy:
    """Filter files, settings and commands."""

    def __init__(self, files, exec_dirs, path=None, assumed=True, processes=None, process_files=None):
        self.files = files              # text by name
        self.exec_dirs = exec_dirs      # None: not in the conf
        self.path = path
        self.assumed = assumed
        self.processes = processes or {}
        # Which of their programs are files.
        self.process_files = process_files or {process.exe for process in self.processes.values()}
        self.requests = []

    def write(self, directory):
        """Writes it there."""
        (directory / 'filters').mkdir()
        for name, text in self.files.items():
            (directory / 'filters' / name).write_bytes(text if isinstance(text, bytes) else os.fsencode(text))
        processes = ''.join(f'{pid} {quote(process.exe)}\n' for pid, process in self.processes.items())
        (directory / 'processes').write_text(processes)
        for with_helper in (True, False):
            (directory / conf_name(with_helper)).write_text(self.conf(with_helper))

    def conf(self, with_helper):
        """Its rootwrap.conf."""
        lines = ['[DEFAULT]', 'filters_path = filters', f'implicit_privsep_helper = {with_helper}']
        if self.exec_dirs is not None:
            lines.append('exec_dirs = ' + ', '.join(self.exec_dirs))
        return '\n'.join(lines) + '\n'

    def decide(self, directory, with_helper):
        """Our decisions about the requests."""
        words = ([quote(request.cwd), str(request.uid), *map(quote, request.argv)] for request in self.requests)
        arguments = ['assumed' if self.assumed else 'real', directory / conf_name(with_helper), directory / 'processes']
        result = subprocess.run([common.BUILD / 'tests' / 'decide', *arguments], check=True, stdout=subprocess.PIPE,
                                input=''.join(' '.join(line) + '\n' for line in words).encode())
        answers = result.stdout.splitlines()
        if len(answers) != len(self.requests):
            raise SystemExit(f'{len(answers)} answers to {len(self.requests)} requests')
        return [json.loads(answer) for answer in answers]

    def oracle(self, directory):
        """oslo.rootwrap with the same filters."""
        MACHINE.processes, MACHINE.files = self.processes, self.process_files
        exec_dirs = self.path.split(':') if self.exec_dirs is None else self.exec_dirs
        return Oracle([str(directory / 'filters')], exec_dirs, self.path, self.assumed)

    def outcomes(self, directory, with_helper):
        """Pairs of request and outcome."""
        explainer = Explainer(self.oracle(directory), with_helper, self.exec_dirs is None)
        return [(request, ours, explainer.compare(ours, request))
                for request, ours in zip(self.requests, self.decide(directory, with_helper))]


def conf_name(with_helper):
    """With the built-in privsep-helper filter, as in oslo.rootwrap, or without."""
    return 'with-helper.conf' if with_helper else 'rootwrap.conf'
