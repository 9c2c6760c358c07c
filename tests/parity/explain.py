"""Compares our decisions with oslo.rootwrap's, and explains a difference by the rules whose conditions hold."""

import collections
import os
import stat

import rules
from oracle import AS_IT_IS, View, classes

# kind: "same"; "stricter", or "other filter" if both allow, by the rules given; "allowed" if only we allow, by them or
# because oslo.rootwrap stops when it reads the filters; "unexplained".
Outcome = collections.namedtuple('Outcome', 'kind rules stops', defaults=((), None))


class Explainer:
    """Knows a policy as oslo.rootwrap reads it."""

    def __init__(self, oracle, with_privsep_helper, fixed_exec_dirs=False):
        self.oracle = oracle
        # Those that we know.
        self.exec_dirs = [place for place in (rules.FIXED_EXEC_DIRS if fixed_exec_dirs else oracle.exec_dirs)
                          if oracle.assumed or is_safe_directory(place)]
        self.fixed_exec_dirs = fixed_exec_dirs
        self.with_privsep_helper = with_privsep_helper
        self.unusable = {one: rules.unusable(one) for one in oracle.filters}

    def compare(self, ours, request):
        """The outcome for a decision of ours, given as explain's JSON."""
        found = self.explain(ours, request)
        if found is None:
            return Outcome('unexplained')
        theirs = self.oracle.decide(request)
        if not found and not self.oracle.stops and not self.same_denial(ours, request):
            return Outcome('unexplained')
        they_allow = theirs.result == 'match' and not self.oracle.stops
        if ours['verdict'] == 'allow' and not they_allow:
            return Outcome('allowed', found, self.oracle.stops)
        if ours['verdict'] == 'allow' and not found and theirs.built != theirs.exec:
            return Outcome('other filter', [3])
        return Outcome(('stricter' if ours['verdict'] == 'deny' else 'other filter') if found else 'same', found)

    def explain(self, ours, request):
        """The rules that lead from oslo.rootwrap's decision to ours; None if they do not."""
        if self.oracle.stops and ours['verdict'] == 'deny':
            return []
        view, found = AS_IT_IS, []
        while True:
            theirs = self.oracle.decide(request, view)
            if agrees(ours, theirs):
                return found
            rule, changed = self.next_view(view, theirs, ours, request)
            if not rule and theirs.result == 'match':
                rule = self.ending_rule(theirs, request)
                if rule:
                    return found + [rule] if ours['verdict'] == 'deny' else None
                rule, which = self.passing_rule(theirs, request)
                changed = view._replace(passed_over=view.passed_over | {which})
            if not rule:
                return None
            view = changed
            found.append(rule)

    def next_view(self, view, theirs, ours, request):
        """A rule that is about no single filter, and changes oslo.rootwrap's decision when it holds for it too."""
        views = [(13, view._replace(copying=True))]
        if self.fixed_exec_dirs:
            views.append((18, view._replace(exec_dirs=self.exec_dirs)))
        if not self.oracle.assumed:
            views.append((9, view._replace(exec_dirs=self.exec_dirs)))
        if ours['verdict'] == 'allow':
            views.append((6, view._replace(honest=True)))
        return next(((rule, other) for rule, other in views
                     if other != view and self.oracle.decide(request, other) != theirs), (None, None))

    def same_denial(self, ours, request):
        """Whether a missing program is told from a missing filter, on which the exit status depends."""
        theirs = self.oracle.decide(request, View(exec_dirs=self.exec_dirs))
        if ours['verdict'] == 'deny' and theirs.result == 'noexec':
            return ours['reason'] != 'no-match' or self.rule_of(theirs.filter, request.argv, False, request)
        return ours['reason'] != 'no-program'

    # What makes us deny at once.

    def ending_rule(self, theirs, request):
        """A filter no later than theirs that cannot be used, or a program that is not safe."""
        if rules.is_too_long(request.argv):
            return 16
        for one in filter(self.is_ours, self.oracle.filters):
            rule = self.ends_at(one, request.argv) or self.ends_inside(one, theirs, request.argv)
            if rule:
                return rule if one is theirs.filter else 14
            if one is theirs.filter:
                break
        return None

    def is_ours(self, one):
        """Whether we know the filter at all."""
        return self.with_privsep_helper if one.file is None else one.file.endswith('.filters')

    def ends_at(self, one, argv):
        """The rule by which a filter ends the search, if the command is meant for it."""
        if not argv:
            return None
        if self.unusable[one]:
            return self.unusable[one] if rules.concerns(one, argv) else None
        return 14 if self.is_unsafe(one, argv) else None

    def is_unsafe(self, one, argv):
        """Whether a filter matches, and others can change its program, or put one there."""
        if self.oracle.assumed or not type(one).match(one, list(argv)):
            return False
        places = [''] if os.path.isabs(one.exec_path) else [place + '/' for place in self.exec_dirs]
        found = next((place + one.exec_path for place in places if os.access(place + one.exec_path, os.X_OK)), None)
        if found:
            return not is_safe_program(found)
        return places == [''] and os.path.isdir(os.path.dirname(one.exec_path)) and \
            not is_safe_directory(os.path.dirname(one.exec_path))

    def ends_inside(self, chain, theirs, argv):
        """The same for the filters of a chain's inner command, no later than theirs."""
        if self.unusable[chain] or not isinstance(chain, classes.ChainingFilter):
            return None
        if not type(chain).match(chain, list(argv)) or rules.rule_of(chain, argv, None, self.exec_dirs):
            return None
        inner = chain.exec_args(list(argv))
        for one in filter(self.is_ours, self.oracle.filters):
            if one.run_as in (None, chain.run_as) and self.ends_at(one, inner):
                return self.ends_at(one, inner)
            if one is theirs.leaf:
                break
        return None

    # What makes a filter not match.

    def passing_rule(self, theirs, request):
        """The rule by which the filter that oslo.rootwrap found, or its leaf, does not match; and which of them."""
        for one, argv, is_leaf in ((theirs.filter, request.argv, False), (theirs.leaf, theirs.leaf_argv, True)):
            rule = one and self.rule_of(one, argv, is_leaf, request)
            if rule:
                return rule, (one, is_leaf)
        return None, None

    def rule_of(self, one, argv, is_leaf, request):
        """The same for one filter."""
        if not self.is_ours(one):
            return 10 if one.file is None else 8
        if self.unusable[one]:
            return self.unusable[one]
        if is_leaf and one.class_name == 'KillFilter':
            return 6
        return rules.rule_of(one, argv, request, self.exec_dirs)


def agrees(ours, theirs):
    """Whether both mean the same."""
    if ours['verdict'] == 'deny' or theirs.result != 'match':
        return ours['verdict'] == 'deny' and theirs.result != 'match'
    return (ours['filter'], ours['class'], ours['run_as'], ours['exec'], ours['env']) == (
        theirs.filter.name, theirs.filter.class_name, theirs.filter.run_as, theirs.exec, theirs.env)


def is_safe_directory(path):
    """Whether nobody else can change a directory; the tests make none with an unsafe parent."""
    try:
        status = os.stat(path)
    except FileNotFoundError:
        return False
    return status.st_uid in (0, os.geteuid()) and not status.st_mode & 0o022


def is_safe_program(path):
    """Whether it is a file that nobody else can change."""
    status = os.stat(path)
    return stat.S_ISREG(status.st_mode) and is_safe_directory(path) and is_safe_directory(os.path.dirname(path))
