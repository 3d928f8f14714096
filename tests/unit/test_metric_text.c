#include "collector/api/metric_text.h"

#include <criterion/criterion.h>
#include <string.h>

static struct buffer buffer;
static struct metric_text text;

static void setup(void)
{
    buffer_init(&buffer, 65536);
    metric_text_init(&text, &buffer);
}

static void teardown(void)
{
    buffer_fini(&buffer);
}

TestSuite(metric_text, .init = setup, .fini = teardown);

static const char *written(void)
{
    cr_assert_eq(text.status, STATUS_OK);
    cr_assert_eq(buffer_u8(&buffer, 0), STATUS_OK);
    return (const char *)buffer.data;
}

Test(metric_text, a_family_and_its_samples)
{
    char labels[METRIC_LABELS_MAX] = "";

    metric_family(&text, "x_total", "counter", "How many.");
    metric_label_number(labels, "agent", 7);
    metric_label(labels, "name", "Quận \"Ba\\Đình\"\n");
    metric_number(&text, labels, UINT64_MAX);
    metric_number(&text, NULL, 1);
    metric_seconds(&text, NULL, -1500000);
    metric_moment(&text, "y_timestamp_seconds", "When.", 1);
    metric_moment(&text, "z_timestamp_seconds", "When.", 0);
    cr_assert_str_eq(written(),
                     "# HELP tallyline_x_total How many.\n"
                     "# TYPE tallyline_x_total counter\n"
                     "tallyline_x_total{agent=\"7\",name=\"Quận "
                     "\\\"Ba\\\\Đình\\\"\\n\"} 18446744073709551615\n"
                     "tallyline_x_total 1\n"
                     "tallyline_x_total -1.500000\n"
                     "# HELP tallyline_y_timestamp_seconds When.\n"
                     "# TYPE tallyline_y_timestamp_seconds gauge\n"
                     "tallyline_y_timestamp_seconds 0.000001\n");
}

Test(metric_text, the_buckets_of_a_histogram_add_up)
{
    struct latency latency = {.count = 0};
    const char *said;

    latency_add(&latency, 1000);
    latency_add(&latency, 1500);
    latency_add(&latency, 9000000);
    metric_family(&text, "d_seconds", "histogram", "How long.");
    metric_histogram(&text, &latency);
    said = written();
    cr_assert_not_null(strstr(said, "_bucket{le=\"0.001\"} 1\n"));
    cr_assert_not_null(strstr(said, "_bucket{le=\"0.002\"} 2\n"));
    cr_assert_not_null(strstr(said, "_bucket{le=\"5\"} 2\n"));
    cr_assert_not_null(strstr(said, "_bucket{le=\"+Inf\"} 3\n"));
    cr_assert_not_null(strstr(said, "_sum 9.002500\n"));
    cr_assert_not_null(strstr(said, "_count 3\n"));
}

Test(metric_text, i11_a_label_that_does_not_fit_is_left_out)
{
    char labels[METRIC_LABELS_MAX] = "";
    char value[METRIC_LABELS_MAX];

    memset(value, '"', sizeof value - 1);
    value[sizeof value - 1] = '\0';
    metric_label(labels, "a", "b");
    metric_label(labels, "name", value);
    cr_assert_str_eq(labels, "a=\"b\"");
    for (size_t size = 0; size < sizeof value - 1; size++) {
        char room[METRIC_LABELS_MAX] = "";

        memset(value, 'x', size);
        value[size] = '\0';
        metric_label(room, "n", value);
        cr_assert(room[0] == '\0' || strlen(room) == size + strlen("n=\"\""));
    }
}

Test(metric_text, i11_the_first_failure_is_kept)
{
    struct buffer small;

    buffer_init(&small, 16);
    metric_text_init(&text, &small);
    metric_gauge(&text, "long_name_that_does_not_fit", "No.", 1);
    cr_assert_eq(text.status, STATUS_FULL);
    buffer_fini(&small);
}
