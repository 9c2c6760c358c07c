#ifndef PSW_ATTRIBUTES_H
#define PSW_ATTRIBUTES_H

/* Lets the compiler check the arguments of a function that takes a format. */
#define PRINTF_LIKE(text, first) __attribute__((format(printf, text, first)))

#define NORETURN __attribute__((noreturn))

/* For results that must not be dropped: an ignored failure would let a run go on. */
#define MUST_CHECK __attribute__((warn_unused_result))

/* Calls function(&variable) when the variable leaves its scope. */
#define CLEANUP(function) __attribute__((cleanup(function)))

#define ARRAY_LENGTH(array) (sizeof(array) / sizeof((array)[0]))

#endif
