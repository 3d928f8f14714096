#include "collector/api/metric_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"

void metric_text_init(struct metric_text *text, struct buffer *buffer)
{
    text->buffer = buffer;
    text->status = STATUS_OK;
    text->name = "";
}

static void keep(struct metric_text *text, enum status status)
{
    if (text->status == STATUS_OK) {
        text->status = status;
    }
}

void metric_family(struct metric_text *text, const char *name, const char *type,
                   const char *help)
{
    text->name = name;
    keep(text, buffer_printf(text->buffer,
                             "# HELP " METRIC_PREFIX "%s %s\n"
                             "# TYPE " METRIC_PREFIX "%s %s\n",
                             name, help, name, type));
}

/* Name, suffix and labels, up to the blank before the value. */
static void head(struct metric_text *text, const char *suffix,
                 const char *labels)
{
    bool some = labels != NULL && labels[0] != '\0';

    keep(text, buffer_printf(text->buffer, METRIC_PREFIX "%s%s%s%s%s ",
                             text->name, suffix, some ? "{" : "",
                             some ? labels : "", some ? "}" : ""));
}

static void put_number(struct metric_text *text, uint64_t number)
{
    keep(text, buffer_printf(text->buffer, "%" PRIu64 "\n", number));
}

static void put_seconds(struct metric_text *text, int64_t us)
{
    uint64_t size = us < 0 ? 0u - (uint64_t)us : (uint64_t)us;

    keep(text, buffer_printf(text->buffer, "%s%" PRIu64 ".%06" PRIu64 "\n",
                             us < 0 ? "-" : "", size / (uint64_t)CLOCK_US_PER_S,
                             size % (uint64_t)CLOCK_US_PER_S));
}

void metric_number(struct metric_text *text, const char *labels,
                   uint64_t number)
{
    head(text, "", labels);
    put_number(text, number);
}

void metric_seconds(struct metric_text *text, const char *labels, int64_t us)
{
    head(text, "", labels);
    put_seconds(text, us);
}

void metric_histogram(struct metric_text *text, const struct latency *latency)
{
    uint64_t below = 0;

    for (size_t i = 0; i < LATENCY_BUCKETS; i++) {
        char label[32];

        below += latency->buckets[i];
        (void)snprintf(label, sizeof label, "le=\"%g\"",
                       (double)latency_bound_us(i) / 1e6);
        head(text, "_bucket", label);
        put_number(text, below);
    }
    head(text, "_bucket", "le=\"+Inf\"");
    put_number(text, latency->count);
    head(text, "_sum", NULL);
    put_seconds(text, latency->sum_us);
    head(text, "_count", NULL);
    put_number(text, latency->count);
}

void metric_gauge(struct metric_text *text, const char *name, const char *help,
                  uint64_t number)
{
    metric_family(text, name, "gauge", help);
    metric_number(text, NULL, number);
}

void metric_counter(struct metric_text *text, const char *name,
                    const char *help, uint64_t number)
{
    metric_family(text, name, "counter", help);
    metric_number(text, NULL, number);
}

void metric_moment(struct metric_text *text, const char *name, const char *help,
                   int64_t wall_us)
{
    if (wall_us != 0) {
        metric_family(text, name, "gauge", help);
        metric_seconds(text, NULL, wall_us);
    }
}

void metric_label(char labels[METRIC_LABELS_MAX], const char *name,
                  const char *value)
{
    size_t used = strlen(labels);
    size_t at = used;
    int size = snprintf(labels + at, METRIC_LABELS_MAX - at, "%s%s=\"",
                        used == 0 ? "" : ",", name);

    at = size < 0 ? METRIC_LABELS_MAX : at + (size_t)size;
    for (; *value != '\0' && at + 4 < METRIC_LABELS_MAX; value++) {
        if (*value == '\\' || *value == '"' || *value == '\n') {
            labels[at++] = '\\';
        }
        labels[at++] = *value == '\n' ? 'n' : *value;
    }
    if (*value != '\0' || at + 2 > METRIC_LABELS_MAX) {
        labels[used] = '\0';
        return;
    }
    labels[at++] = '"';
    labels[at] = '\0';
}

void metric_label_number(char labels[METRIC_LABELS_MAX], const char *name,
                         uint64_t value)
{
    char text[24];

    (void)snprintf(text, sizeof text, "%" PRIu64, value);
    metric_label(labels, name, text);
}
