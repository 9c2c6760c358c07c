#ifndef PSW_SETTINGS_H
#define PSW_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "ini/ini.h"
#include "policy/context.h"
#include "policy/problem.h"

/* [DEFAULT] of rootwrap.conf: privsep-wrap.conf(5) has each key. */
struct settings {
	const char *const *filters_path;        /* absolute directories */
	size_t filters_path_count;
	const char *const *exec_dirs;           /* absolute directories */
	size_t exec_dirs_count;
	bool use_syslog;
	bool use_syslog_is_written;             /* in the conf, so that a missing syslog is worth a word */
	int syslog_facility;                    /* as LOG_AUTHPRIV */
	bool log_allowed;                       /* records of allowed runs too */
	const char *audit_file;                 /* absolute; NULL: none */
	bool audit_json;                        /* records as JSON, not as text */
	bool audit_required;
	unsigned long rlimit_nofile;
	const char *const *env_keep;            /* names, or prefixes with a * at the end */
	size_t env_keep_count;
	bool implicit_privsep_helper;
	unsigned long daemon_timeout;           /* seconds */
	struct context context;                 /* [Context default]; else the built-in */
};

/* What holds before a conf has been read, so that even its absence is recorded. */
void settings_set_defaults(struct settings *settings);

/*
 * Reads the settings of a parsed conf; conf is its absolute path.  A bad value
 * is a fatal problem, an unknown key a warning.  Strings live in the arena.
 */
void settings_read(struct settings *settings, const struct ini *ini, const char *conf, struct arena *arena,
		   struct problems *problems);

#endif
