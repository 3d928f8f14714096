/* query - what a request asks of the figures, read and bounded.
 *
 * Flow     http request -> [query] -> desk, views
 * Owns     nothing: a query is a value, and the same bytes ask the same.
 * Threads  any; pure.
 * Limits   the sizes below.
 *
 * Only what can be read without the ledger is checked here; whether a plan, a
 * unit or a period is there, the view says.
 */
#ifndef TALLYLINE_COLLECTOR_QUERY_H
#define TALLYLINE_COLLECTOR_QUERY_H

#include <stdbool.h>
#include <stdint.h>

#include "common/figures/indicator.h"
#include "common/http/http.h"

#define QUERY_ID_SIZE    96u /* with the closing zero */
#define QUERY_UNIT_SIZE  32u
#define QUERY_LIMIT      100u
#define QUERY_LIMIT_MAX  500u
#define QUERY_DAY_ABSENT INT32_MIN

enum query_kind {
    QUERY_PLANS,
    QUERY_OVERVIEW,
    QUERY_INDICATORS,
    QUERY_INDICATOR,
    QUERY_UNITS,
    QUERY_UNIT,
    QUERY_OFFICES,
    QUERY_OFFICE,
    QUERY_REPORTS,
    QUERY_LEDGER,
    QUERY_EVENT,
    QUERY_CHANGES, /* figures, as a stream of changes compares them */
    QUERY_FEED,    /* the same for the live feed: persons for auditors alone */
    QUERY_LINKS,   /* lines, the same */
    QUERY_METRICS, /* of the ledger and the offices */
    QUERY_KIND_END
};

enum query_by {
    QUERY_BY_USUAL, /* the level below the unit */
    QUERY_BY_DISTRICT,
    QUERY_BY_COMMUNE,
    QUERY_BY_NONE
};

/* Who asks: as much as an answer depends on it. */
struct query_reader {
    struct figure_reader figures; /* what is hidden from it */
    uint32_t home;  /* sees this unit and what is below it; 0: everything */
    uint32_t mends; /* 1: sees which events are to be mended */
};

struct query {
    enum query_kind kind;
    struct query_reader reader;
    char id[QUERY_ID_SIZE]; /* of an indicator */
    char plan[QUERY_ID_SIZE];
    char unit[QUERY_UNIT_SIZE]; /* as it was written */
    uint32_t period_kind;       /* enum period_kind; 0: no period */
    uint32_t period_key;
    uint32_t regime;            /* 0: the plan's */
    int32_t from, to, units_on; /* QUERY_DAY_ABSENT */
    int32_t on;                 /* the same: as of this day */
    enum query_by by;
    bool all;
    uint32_t number; /* of an office */
    uint64_t event;  /* its id */
    uint64_t after;  /* of a page: what the one before ended with; 0 */
    uint32_t limit;
};

/* Fills it with what is usual, and with who asks: the bytes between fields are
 * 0 too, so that queries can be compared as bytes. */
void query_init(struct query *query, enum query_kind kind,
                const struct http_who *who);
/* Reads the parameters that the request gives; `names` are those that its
 * resource has. False: the reply says what is wrong. */
bool query_read(const struct http_request *request, const char *const *names,
                struct query *query, struct http_reply *reply);
bool query_equal(const struct query *a, const struct query *b);

#endif
