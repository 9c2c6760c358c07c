#ifndef PSW_FILTER_H
#define PSW_FILTER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/memory.h"
#include "policy/exec_dirs.h"
#include "request/request.h"

struct context;
struct filter;
struct kill_target;
struct process_source;

/* What a class says of a filter and a request.  Zero is "no"; "yes" is not one bit away from it. */
enum filter_result {
	FILTER_NO_MATCH = 0,
	FILTER_UNUSABLE = 1,            /* the filter has a fault and the request is meant for it: denied */
	FILTER_PATTERN_LIMIT = 2,       /* a pattern could not be decided: denied */
	FILTER_MATCH = 0x52a2925,
};

/* What matching may look at. */
struct filter_input {
	const struct request *request;
	const struct exec_dirs *exec_dirs;
	const struct process_source *processes;
	struct arena *arena;            /* for what a match refers to */
};

/* What a class found out. */
struct filter_match {
	/* On FILTER_MATCH: how the command differs from what was asked for. */
	const char *const *arguments;   /* after argv[0] */
	size_t argument_count;
	const char *const *environment; /* "NAME=value" to be set for the command */
	size_t environment_count;
	const char *const *paths;       /* those of the arguments that are canonical paths, to be held inside */
	size_t path_count;
	size_t inner;                   /* chaining classes: index in argv at which the inner command begins */
	const char *file;               /* ReadFileFilter: what is read, from here */
	struct kill_target *target;     /* KillFilter: whom the signal is for; see filters/kill_target.h */
	int signal;

	/* Otherwise: which argument failed, and why. */
	size_t failed_argument;
	const char *why;
};

/* One class of filters: a file in src/filters/.  A member that is NULL is not provided. */
struct filter_class {
	const char *name;               /* as written in filter files */
	const char *fields;             /* the mandatory fields, for messages */
	size_t min_fields;
	size_t max_fields;              /* those behind have no effect, as in oslo.rootwrap; 0: each field counts */
	bool checks_paths;              /* arguments that are absolute paths are directories to stay inside of */
	bool chaining;                  /* the command runs another, which a filter of the same user must allow */
	bool keeps_mounts;              /* chaining: and runs it with the mounts that it has itself */
	bool takes_env;                 /* where it does not match, a leading "env" is seen by none but its like */

	/*
	 * Takes program, run_as and arguments out of the fields, of which there
	 * are at least min_fields.  Returns -1 with the reason if the filter
	 * cannot be used; program is set all the same if it is known.
	 */
	int (*load)(struct filter *filter, struct arena *arena, struct error *error);

	/* The program when there are too few fields to load: NULL if unknown. */
	const char *(*program_of)(const struct filter *filter);

	/*
	 * Whether a request is meant for a filter that cannot be used, so that it
	 * must not reach a later, wider one.  NULL: filter_names_program().
	 */
	bool (*concerns)(const struct filter *filter, const struct request *request);

	/* Checks what is only looked at when a request comes near: patterns.  *field is the faulty field. */
	int (*check)(const struct filter *filter, size_t *field, struct error *error);

	/* What the author should know though the filter can be used.  Returns -1 with the advice and the field. */
	int (*advise)(const struct filter *filter, size_t *field, struct error *advice);

	enum filter_result (*match)(const struct filter *filter, const struct filter_input *input,
				    struct filter_match *match);
};

/* The classes there are; an unknown name is no error to oslo.rootwrap. */
struct filter_registry {
	const struct filter_class *const *classes;      /* NULL-terminated */
};

/* One line of a [Filters] section. */
struct filter {
	const struct filter_class *class;
	const char *name;
	const char *file;
	unsigned line;
	const char *const *fields;      /* after the name of the class */
	size_t field_count;
	const char *program;            /* as written; NULL if it cannot be known */
	const char *run_as;
	const char *const *arguments;   /* oslo.rootwrap's self.args */
	size_t argument_count;
	const char *unusable;           /* why the filter cannot be used; NULL: it can */
	const struct context *context;  /* never NULL */
	bool mask_is_lost;              /* its context cannot be used, nor any mask in it: nothing may be shown */
};

const struct filter_class *filter_registry_find(const struct filter_registry *registry, const char *name);

/*
 * Makes a filter of the fields of a line.  A filter that cannot be used keeps
 * its place, with the reason in unusable.
 */
struct filter *filter_new(const struct filter_class *class, const char *name, const char *file, unsigned line,
			  const char *const *fields, size_t field_count, const struct context *context,
			  struct arena *arena);

/* Whether argv[0] names the program of the filter, by its path as written or its base name. */
bool filter_names_program(const struct filter *filter, const struct request *request);

/* Whether a request is meant for the filter: any is where the program cannot be known. */
bool filter_concerns(const struct filter *filter, const struct request *request);

/* The command gets what was asked for: all arguments after argv[skip]. */
void filter_match_all_arguments(const struct request *request, size_t skip, struct filter_match *match);

/*
 * Notes why a request failed.  The text is only looked at by `explain`: it must
 * cost nothing to say.  Returns FILTER_NO_MATCH.
 */
enum filter_result filter_mismatch(struct filter_match *match, size_t argument, const char *why);

/* Notes why a request failed or a filter cannot be used, with a text that does not stay.  Returns the result given. */
enum filter_result filter_failed(struct filter_match *match, enum filter_result result, size_t argument,
				 const struct error *error, struct arena *arena);

/* The mismatch of argv[0]. */
enum filter_result filter_wrong_program(struct filter_match *match);

#endif
