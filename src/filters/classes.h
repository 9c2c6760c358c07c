#ifndef PSW_CLASSES_H
#define PSW_CLASSES_H

#include "policy/filter.h"

/* Every class of oslo.rootwrap, one file each; the table is in registry.c. */
extern const struct filter_class filter_command;
extern const struct filter_class filter_regexp;
extern const struct filter_class filter_path;
extern const struct filter_class filter_kill;
extern const struct filter_class filter_read_file;
extern const struct filter_class filter_ip;
extern const struct filter_class filter_env;
extern const struct filter_class filter_ip_netns_exec;
extern const struct filter_class filter_chaining_regexp;

#endif
