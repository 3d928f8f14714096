/* metric_text - the text format 0.0.4 of Prometheus, written into a buffer.
 *
 * Flow     view_metrics, metrics -> [metric_text] -> /metrics
 * Owns     nothing; the buffer is the caller's and bounds everything.
 * Threads  one at a time for each value.
 * Limits   the buffer's maximum; METRIC_LABELS_MAX bytes of labels a sample.
 *
 * A family is begun once and its samples follow. The first failure is kept and
 * answered once: text->status.
 */
#ifndef TALLYLINE_COLLECTOR_METRIC_TEXT_H
#define TALLYLINE_COLLECTOR_METRIC_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/bytes.h"
#include "common/base/latency.h"
#include "common/base/status.h"

#define METRIC_LABELS_MAX 1024u
#define METRIC_PREFIX     "tallyline_"

struct metric_text {
    struct buffer *buffer; /* borrowed */
    enum status status;
    const char *name; /* of the family, without its prefix */
};

void metric_text_init(struct metric_text *text, struct buffer *buffer);
/* `type` is "counter", "gauge" or "histogram". `name` is borrowed until the
 * next family. */
void metric_family(struct metric_text *text, const char *name, const char *type,
                   const char *help);
/* Labels as they will stand there, made by metric_label(), or NULL. */
void metric_number(struct metric_text *text, const char *labels,
                   uint64_t number);
/* Microseconds, written in seconds. */
void metric_seconds(struct metric_text *text, const char *labels, int64_t us);
void metric_histogram(struct metric_text *text, const struct latency *latency);
/* The three calls in one, without a label. */
void metric_gauge(struct metric_text *text, const char *name, const char *help,
                  uint64_t number);
void metric_counter(struct metric_text *text, const char *name,
                    const char *help, uint64_t number);
/* A moment, wall time in microseconds; nothing at all for 0. */
void metric_moment(struct metric_text *text, const char *name, const char *help,
                   int64_t wall_us);

/* Adds name="value" to labels, which begin empty; the value is escaped. One
 * that does not fit is left out as a whole. */
void metric_label(char labels[METRIC_LABELS_MAX], const char *name,
                  const char *value);
void metric_label_number(char labels[METRIC_LABELS_MAX], const char *name,
                         uint64_t value);

#endif
