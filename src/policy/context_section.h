#ifndef PSW_CONTEXT_SECTION_H
#define PSW_CONTEXT_SECTION_H

#include "ini/ini.h"
#include "policy/context.h"
#include "policy/filter.h"

/*
 * Gives the filters of one file the contexts of that file; the others have
 * inherited already.  filters are those of the file, in order.  Where anything in
 * a context is wrong, all filters that it names become unusable in their place:
 * with other privileges than those meant they must not run.
 */
void context_sections_apply(const struct ini *ini, struct filter *const *filters, size_t count,
			    const struct context *inherited, const char *file, struct arena *arena,
			    struct problems *problems);

#endif
