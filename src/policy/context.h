#ifndef PSW_CONTEXT_H
#define PSW_CONTEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "ini/ini.h"
#include "policy/capability.h"
#include "policy/problem.h"

/* How the capabilities of a command are found. */
enum capability_rule {
	CAPABILITIES_BUILT_IN,  /* root: all but the list in confine/default_capabilities.h; another user: none */
	CAPABILITIES_USUAL,     /* root: all; another user: none */
	CAPABILITIES_EXACT,     /* just those of the context, whoever the command runs as */
};

/* The privileges that some commands share: privsep-wrap.filters(5) has each key. */
struct context {
	const char *name;               /* NULL: neither a section nor [Context default] */
	enum capability_rule rule;
	capability_set capabilities;    /* with CAPABILITIES_EXACT */
	bool no_new_privs;
	unsigned long timeout;          /* seconds; 0: no limit */
	bool log_exit;
	bool log_allowed;
	bool guard_paths;
	const char *const *mask;        /* argument positions and options whose values no record shows */
	size_t mask_count;
	const char *const *env_keep;    /* besides the conf's */
	size_t env_keep_count;
};

/* What holds where nothing is written. */
extern const struct context context_built_in;

/* Whether two contexts give a command the same privileges and the same limit, and record it alike. */
bool context_confines_alike(const struct context *one, const struct context *other);

/* Whether a section is one of contexts; *name is what follows the word, "" for none. */
bool context_is_section(const struct ini_section *section, const char **name);

/*
 * Warns of each section that is neither known, a list that ends with NULL, nor a
 * context's: of a context whose name is misspelt the filters keep the default's
 * privileges.
 */
void context_warn_of_other_sections(const struct ini *ini, const char *const *known, const char *file,
				    struct problems *problems);

/*
 * Reads a [Context NAME] section.  What it does not say it has from inherited.
 * Returns false if anything in it is wrong: each such thing is a problem of that
 * severity, and the filters of the context must not run.  Option `filters` is
 * left to the caller.
 */
bool context_read(struct context *context, const struct ini_section *section, const char *name,
		  const struct context *inherited, const char *file, enum severity severity, struct arena *arena,
		  struct problems *problems);

#endif
