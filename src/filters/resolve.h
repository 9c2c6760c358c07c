#ifndef PSW_RESOLVE_H
#define PSW_RESOLVE_H

#include "base/error.h"
#include "base/memory.h"

/*
 * The canonical form of a path as Python's os.path.realpath() gives it: absolute,
 * links resolved, components that do not exist taken as they are.  A relative
 * path begins at cwd, which may be NULL.  Returns NULL with the reason, in cases
 * where Python would guess: a component that cannot be read, a loop of links.
 */
const char *resolve_path(const char *cwd, const char *path, struct arena *arena, struct error *error);

#endif
