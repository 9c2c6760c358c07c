"""oslo.rootwrap's own decisions, for the programs and processes of a test.

Its modules are used as installed; replaced is what they look at: the order of
os.listdir(), which is arbitrary, /proc, and, where programs are assumed to exist,
the search for them.  Nothing is run: commands and environments are only built.
"""

import collections
import configparser
import io
import os
import re
import tempfile
import types

from oslo_rootwrap import filters as classes
from oslo_rootwrap import wrapper

# A command and its caller; cwd is empty if it is gone.
Request = collections.namedtuple('Request', 'argv cwd uid', defaults=('/', 0))

# result: match, nofilter, noexec or error.  exec and env are what should run; of a chain that is the outer command
# with the inner one as its own filter, the leaf, builds it.  built is what oslo.rootwrap itself makes of a chain.
Decision = collections.namedtuple('Decision', 'result filter leaf leaf_argv exec env built error', defaults=(None,) * 7)

# How oslo.rootwrap would decide if something held for it too: the filters in passed_over, pairs (filter, is a leaf), do
# not match; each filter gets a copy of argv, or is not asked; with other exec_dirs; no process says anything wrong in its command line.
View = collections.namedtuple('View', 'passed_over copying exec_dirs honest',
                              defaults=(frozenset(), False, None, False))
AS_IT_IS = View()


class Process:
    """A process of a test: /proc/PID/exe and the first word of /proc/PID/cmdline."""

    def __init__(self, exe, cmdline=None):
        self.exe = exe
        self.cmdline = stripped(exe) if cmdline is None else cmdline


def stripped(exe):
    """The path less what the kernel, rpm or prelink append to that of a file that was replaced."""
    exe = re.sub(r' \(deleted\)\Z', '', exe)
    return re.sub(r'(;[0-9a-fA-F]{8}|\.#prelink#\.[^/]{6})\Z', '', exe)


class Machine:
    """The processes and files of a test, as os, open() and shutil.which() show them to oslo.rootwrap."""

    def __init__(self):
        self.processes = {}
        self.files = set()
        self.honest = False
        self.cwd = os.getcwd()
        self.readlink, self.isfile, self.listdir = os.readlink, os.path.isfile, os.listdir
        os.readlink = self.fake_readlink
        os.path.isfile = lambda path: self.has_file(path) or self.isfile(path)
        os.listdir = lambda path='.': sorted(self.listdir(path))
        classes.open = self.fake_open
        classes.shutil = types.SimpleNamespace(which=self.fake_which)

    def process(self, pid):
        """One of our processes."""
        if int(pid) not in self.processes:
            raise FileNotFoundError(pid)
        return self.processes[int(pid)]

    def has_file(self, path):
        """Whether it is one of our files."""
        programs = {stripped(process.exe) for process in self.processes.values()} if self.honest else set()
        return path in self.files or path in programs

    def fake_readlink(self, path, **options):
        """os.readlink(), with our processes."""
        match = re.fullmatch(r'/proc/(-?\d+)/exe', path) if isinstance(path, str) else None
        return self.process(match[1]).exe if match else self.readlink(path, **options)

    def fake_open(self, path):
        """open(), which the filters use for /proc/PID/cmdline alone."""
        process = self.process(path.split('/')[2])
        return io.StringIO((stripped(process.exe) if self.honest else process.cmdline) + '\0--option\0')

    def fake_which(self, command):
        """shutil.which(), with our files."""
        places = [''] if '/' in command else [place + '/' for place in os.environ['PATH'].split(':')]
        return next((place + command for place in places if self.has_file(place + command)), None)

    def enter(self, directory):
        """Makes directory the current one; one that is gone for ''."""
        if directory == self.cwd:
            return
        place = directory or tempfile.mkdtemp()
        os.chdir(place)
        if not directory:
            os.rmdir(place)
        self.cwd = directory


MACHINE = Machine()


class Incomplete:
    """A filter with too few fields; oslo.rootwrap stops when it reads one."""

    run_as = None
    args = ()

    def __init__(self, *fields):
        self.exec_path = fields[0] if fields else None

    def match(self, _):
        """Never."""
        return False


class Reading:
    """Reads filters through load_filters(); remembers of each its file, and whether oslo.rootwrap would stop."""

    def __init__(self, tolerant):
        self.tolerant = tolerant
        self.file = None
        self.build_filter = wrapper.build_filter

    def load(self, directories):
        """The filters of the directories, oslo.rootwrap's own one last."""
        reading = self

        class Parser(configparser.RawConfigParser):
            """Tells which file is read; one without [Filters] may be empty."""

            def read(self, filenames, encoding=None):
                reading.file = filenames
                return super().read(filenames, encoding)

            def items(self, section, **options):
                return super().items(section, **options) if self.has_section(section) or not reading.tolerant else []

        wrapper.configparser, wrapper.build_filter = types.SimpleNamespace(RawConfigParser=Parser), self.build
        try:
            filters = wrapper.load_filters(directories)
        finally:
            wrapper.configparser, wrapper.build_filter = configparser, self.build_filter
        filters[-1].file = None
        return filters

    def build(self, class_name, *fields):
        """build_filter(), with the file and the fields."""
        try:
            new = self.build_filter(class_name, *fields)
        except TypeError:
            if not self.tolerant:
                raise
            new = Incomplete(*fields)
        if new is not None:
            new.class_name, new.fields, new.file = class_name, fields, self.file
        return new


class Oracle:
    """Decides by the filters of some directories."""

    current = None          # whose decision is being made: match_filter() calls itself

    def __init__(self, directories, exec_dirs, path=None, assumed=True):
        self.exec_dirs = exec_dirs
        self.path = ':'.join(exec_dirs) if path is None else path
        self.assumed = assumed
        self.view, self.depth, self.leaf = AS_IT_IS, 0, (None, None)
        self.env_is_taken = []  # in each of the searches that go on
        self.stops = None       # why oslo.rootwrap cannot be used with these filters at all
        try:
            self.filters = Reading(tolerant=False).load(directories)
        except (TypeError, configparser.Error) as error:
            self.stops = type(error).__name__
            self.filters = Reading(tolerant=True).load(directories)
        for one in self.filters:
            self.wrap(one)

    def wrap(self, one):
        """Puts our hand between match_filter() and a filter."""
        match = one.match
        one.match = lambda argv: self.sees(one, argv) and match(self.own(argv))
        if self.assumed:
            one.get_exec = lambda exec_dirs=None: (
                one.exec_path if os.path.isabs(one.exec_path) or not exec_dirs else
                os.path.join(exec_dirs[0], one.exec_path))

    def sees(self, one, argv):
        """Whether a filter is asked: behind an EnvFilter none of another class for a command that begins with env."""
        is_env = getattr(one, 'class_name', None) == 'EnvFilter'
        if self.view.copying and self.env_is_taken[-1] and not is_env:
            return False
        if is_env and argv and argv[0] == 'env':
            self.env_is_taken[-1] = True
        return (one, self.depth > 1) not in self.view.passed_over

    def own(self, argv):
        """What a filter gets: oslo.rootwrap's filters share one list, and EnvFilter takes words off it."""
        return list(argv) if self.view.copying else argv

    def decide(self, request, view=AS_IT_IS):
        """The decision."""
        exec_dirs = self.exec_dirs if view.exec_dirs is None else view.exec_dirs
        self.view, self.depth, self.leaf = view, 0, (None, None)
        Oracle.current = self
        MACHINE.enter(request.cwd)
        MACHINE.honest = view.honest
        os.environ['PATH'] = self.path if view.exec_dirs is None else ':'.join(exec_dirs)
        argv = list(request.argv)
        for one in self.filters:
            one.real_exec = None
        try:
            found = wrapper.match_filter(self.filters, argv, exec_dirs)
            return self.allowed(found, list(request.argv) if view.copying else argv, exec_dirs)
        except wrapper.NoFilterMatched:
            return Decision('nofilter')
        except wrapper.FilterMatchNotExecutable as failure:
            return Decision('noexec', failure.match)
        except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
            return Decision('error', error=f'{type(error).__name__}: {error}')

    def search(self, filters, argv, exec_dirs):
        """match_filter(), which remembers the leaf of a chain."""
        given = list(argv)
        self.depth += 1
        self.env_is_taken.append(False)
        try:
            found = MATCH_FILTER(filters, argv, exec_dirs)
        finally:
            self.depth -= 1
            self.env_is_taken.pop()
        if self.depth > 0:
            self.leaf = found, given
        return found

    def allowed(self, found, argv, exec_dirs):
        """The decision of a filter that matched."""
        command = built = found.get_command(argv, exec_dirs)
        environment = found.get_environment(argv)
        if not isinstance(found, classes.ChainingFilter):
            return Decision('match', found, exec=command, env=set_by(environment), built=built)
        leaf, leaf_argv = self.leaf
        own = len(argv) - len(leaf_argv)
        command = command[:own] + leaf.get_command(list(leaf_argv), exec_dirs)
        environment = leaf.get_environment(list(leaf_argv))
        return Decision('match', found, leaf, leaf_argv, command, set_by(environment), built)


def set_by(environment):
    """The variables that a filter sets besides those there are."""
    return {name: value for name, value in (environment or {}).items() if os.environ.get(name) != value}


MATCH_FILTER = wrapper.match_filter
wrapper.match_filter = lambda filters, argv, exec_dirs=None: Oracle.current.search(filters, argv, exec_dirs)
