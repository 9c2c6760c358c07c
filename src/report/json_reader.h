#ifndef PSW_JSON_READER_H
#define PSW_JSON_READER_H

#include <stddef.h>

#include "base/memory.h"

enum json_type {
	JSON_NULL,
	JSON_FALSE,
	JSON_TRUE,
	JSON_NUMBER,
	JSON_STRING,
	JSON_ARRAY,
	JSON_OBJECT,
};

struct json_value {
	enum json_type type;
	const char *key;        /* of a member of an object */
	const char *text;       /* of a string its bytes, of a number as it is written */
	const struct json_value *first; /* element or member */
	size_t count;           /* of these */
	const struct json_value *next;  /* beside this one */
};

enum {
	JSON_MAX_DEPTH = 16,
	JSON_MAX_VALUES = 65536,
	JSON_MAX_BYTES = 1024 * 1024,
};

/*
 * Reads one value, with nothing but blanks around it, strictly by RFC 8259 and
 * within the limits above; it lives in the arena.  The lone surrogates
 * \udc80-\udcff are bytes that are not UTF-8, as base/json.h writes them; other
 * lone surrogates and \u0000 are refused.  NULL: it is not JSON, or beyond a limit.
 */
const struct json_value *json_read(const char *text, size_t length, struct arena *arena);

/* The first member of that name; NULL: none, or not an object. */
const struct json_value *json_member(const struct json_value *object, const char *key);

#endif
