#ifndef PSW_CTL_EXPLAIN_OUTPUT_H
#define PSW_CTL_EXPLAIN_OUTPUT_H

#include "base/strbuf.h"
#include "match/decision.h"
#include "request/request.h"

/* A decision as one JSON object, without a newline: privsep-wrapctl(8) has its members. */
void explain_append_json(struct strbuf *buffer, const struct request *request, const struct decision *decision);

/* The same for a person. */
void explain_append_text(struct strbuf *buffer, const struct request *request, const struct decision *decision);

/* The capabilities of an allowed command; a user that does not exist here is taken for one that is not root. */
void explain_append_capabilities(struct strbuf *buffer, const struct decision *decision);

#endif
