#ifndef PSW_PATH_H
#define PSW_PATH_H

#include <stdbool.h>
#include <stddef.h>

/* What follows the last slash, as Python's os.path.basename: "" for "/usr/bin/". */
const char *path_base_name(const char *path);

/*
 * Whether path is base or below it, compared by components, so that "/srv/img"
 * does not hold "/srv/img-old".  path must be canonical; base is taken as
 * written (with a trailing slash it does not hold itself), as oslo.rootwrap's
 * PathFilter compares it.
 */
bool path_is_inside(const char *base, const char *path);

/* Whether one of so many bases holds the path. */
bool path_is_inside_any(const char *const *bases, size_t count, const char *path);

/* The length without the slashes at the end; "/" keeps its own. */
size_t path_length_without_slashes(const char *path);

/* Whether name can stand for one entry of a directory: not empty, ".", ".." and without a slash. */
bool path_is_plain_name(const char *name);

#endif
