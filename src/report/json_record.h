#ifndef PSW_JSON_RECORD_H
#define PSW_JSON_RECORD_H

#include "report/entry.h"

/*
 * Reads a record of the form `audit_format = json`, without its "@cee: ".  The
 * order of the keys and the way of escaping are free, as other programs may have
 * written it again.  Returns false where it is not one of ours; the entry lives
 * in the arena and has no time.
 */
bool json_record_read(const char *message, struct arena *arena, struct entry *entry);

#endif
