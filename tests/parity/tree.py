"""A tree of files with every kind of link in it, for PathFilters; and one of programs."""

import os

# Names to make paths of: those in the tree, those that mean something to a path, those that are not there.
LINKS = {
    'base/to-file': 'file', 'base/to-secret': '../outside/secret', 'base/up': '..', 'base/here': '.',
    'base/loop': 'loop', 'base/loop-a': 'loop-b', 'base/loop-b': 'loop-a', 'base/dangling': 'missing/x',
    'base/chain-1': 'chain-2', 'base/chain-2': 'chain-3/', 'base/chain-3': './sub', 'base/sub/out': '../../outside',
    'outside/back': '../base', 'to-base': 'base', 'to-old': 'base-old',
}
ABSOLUTE_LINKS = {'base/to-root': '', 'base/to-base': '/base', 'base/to-outside': '/outside',
                  'base/sub/to-deep': '/base/sub/deep', 'base/two-slashes': '//outside'}
DIRECTORIES = ['base', 'base/sub', 'base/sub/deep', 'base-old', 'outside', 'outside/dir', 'base/new\nline', 'based']
FILES = ['base/file', 'base/sub/file', 'base-old/file', 'outside/secret', 'base/sp ace', 'base/-rf', 'base/\u00e9',
         'base/\udcff', 'base/...', 'base/.hidden', 'based/file', 'outside/dir/file']
HARD_LINKS = {'base/hard': 'outside/secret', 'base/sub/hard': 'base/file'}
COMPONENTS = sorted({name.rsplit('/', maxsplit=1)[-1]
                     for names in (LINKS, ABSOLUTE_LINKS, DIRECTORIES, FILES, HARD_LINKS) for name in names})
ODD_COMPONENTS = ['..', '..', '..', '.', '', 'missing', 'x' * 300, 'file']


def make(root):
    """Makes the tree below root, a canonical path, and returns it."""
    os.mkdir(root)
    for name in DIRECTORIES:
        os.mkdir(f'{root}/{name}')
    for name in FILES:
        with open(f'{root}/{name}', 'xb'):
            pass
    for name, target in LINKS.items():
        os.symlink(target, f'{root}/{name}')
    for name, target in ABSOLUTE_LINKS.items():
        os.symlink(root + target if not target.startswith('//') else '/' + root + target, f'{root}/{name}')
    for name, target in HARD_LINKS.items():
        os.link(f'{root}/{target}', f'{root}/{name}')
    return root


PROGRAM_DIRS = {'safe': 0o755, 'other': 0o755, 'open': 0o777}
PROGRAMS = {'alpha': 0o755, 'beta': 0o644, 'gamma': 0o775, 'delta': 0o755, 'omega': 0o700}


def make_programs(root):
    """Directories of programs; some are missing from some, some can be changed by others."""
    os.mkdir(root)
    for number, (place, place_mode) in enumerate(PROGRAM_DIRS.items()):
        os.mkdir(f'{root}/{place}')
        for name, mode in list(PROGRAMS.items())[number:]:
            with open(f'{root}/{place}/{name}', 'xb'):
                pass
            os.chmod(f'{root}/{place}/{name}', mode)
        os.mkdir(f'{root}/{place}/directory')
        os.chmod(f'{root}/{place}', place_mode)
    return root
