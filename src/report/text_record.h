#ifndef PSW_TEXT_RECORD_H
#define PSW_TEXT_RECORD_H

#include "report/entry.h"

/*
 * Reads a record of the form `audit_format = text`.  Returns false where it is
 * not exactly what we write; the entry lives in the arena and has no time.
 */
bool text_record_read(const char *message, struct arena *arena, struct entry *entry);

#endif
