#ifndef PSW_FILTER_FILE_H
#define PSW_FILTER_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "policy/filter.h"
#include "policy/problem.h"
#include "trust/trust.h"

/* Filters in the order in which they are tried. */
struct filter_list {
	struct filter **filters;
	size_t count;
	size_t capacity;
};

void filter_list_append(struct filter_list *list, struct filter *filter, struct arena *arena);

/* A file of a filters_path directory, for `check` and `list`. */
struct filter_file {
	const char *path;
	bool ignored;           /* its name does not end in .filters: an editor's backup, a README */
	struct filter_file *next;
};

/*
 * Reads the *.filters files of one directory in byte order of their names and
 * appends their filters.  A missing directory is skipped, as in oslo.rootwrap;
 * anything that cannot be read or parsed is a fatal problem, because leaving out
 * a filter could let a later, wider one match.  Filters that no context of their
 * file names are in the context given.  Returns the names found.
 */
struct filter_file *filter_files_read(const char *directory, const struct filter_registry *registry,
				      const struct context *context, struct trust *trust, struct filter_list *list,
				      struct arena *arena, struct problems *problems);

#endif
