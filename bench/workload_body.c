/* The bodies: fields as the forms ask for them, numbers as offices have
 * them, and always within the rules. */
#include "bench/workload.h"

#include "common/base/check.h"
#include "common/event/calendar.h"
#include "common/event/reference.h"

/* Things are numbered by district, each kind by itself. */
static uint64_t thing(struct workload_stream *stream, uint32_t district)
{
    return id60_make(stream->agent, 1,
                     1 + district * WORKLOAD_ESTABLISHMENTS +
                         workload_pick(stream, WORKLOAD_ESTABLISHMENTS));
}

static void set(struct workload_stream *stream, struct event *event,
                uint32_t field, uint32_t least, uint32_t most)
{
    event_set(event, field, least + workload_pick(stream, most - least + 1));
}

static void fill_outreach(struct workload_stream *stream, struct event *event)
{
    uint32_t attendees = 20 + workload_pick(stream, 120);

    set(stream, event, 1, 1, 10);
    set(stream, event, 2, 1, 9);
    set(stream, event, 3, 1, 2);
    event_set(event, 4, attendees);
    event_set(event, 5, attendees / 4);
    check(event_append(event, 6, 1 + workload_pick(stream, 4)));
    check(event_append(event, 6, 5 + workload_pick(stream, 4)));
}

static void fill_inspection(struct workload_stream *stream, uint32_t district,
                            struct event *event)
{
    uint32_t found = workload_pick(stream, 3) == 0 ? 1 : 0;

    event_set(event, 1, thing(stream, district));
    event_set(event, 2, workload_pick(stream, 5) == 0 ? 3 : 1);
    event_set(event, 3,
              workload_pick(stream, 10) == 0 ? 1
                                             : 2 + workload_pick(stream, 2));
    set(stream, event, 4, 1, 3);
    event_set(event, 5, found > 0 ? 3 : 1 + workload_pick(stream, 2));
    if (workload_pick(stream, 20) == 0) {
        event_set(event, 6, id60_make(stream->agent, 1, stream->number));
    }
    event_set(event, 7, found);
    if (found > 0) {
        check(event_append(event, 8, 1 + workload_pick(stream, 8)));
        check(event_append(event, 9, 1));
        event_set(event, 10, 1);
        event_set(event, 11,
                  UINT64_C(500000) * (1 + workload_pick(stream, 40)));
        event_set(event, 12, workload_pick(stream, 20) == 0 ? 1 : 0);
    }
}

static void fill_client_flow(struct workload_stream *stream,
                             struct event *event)
{
    struct calendar_date date = calendar_date(event->occurred_on);
    uint32_t served = workload_pick(stream, 6);

    set(stream, event, 1, 1, 4);
    set(stream, event, 2, 1, 4);
    event_set_date(event, 3, event->occurred_on - date.day + 1);
    event_set(event, 4, served + 3);
    event_set(event, 5, served + 2);
    event_set(event, 6, served + 1);
    event_set(event, 7, served);
    event_set(event, 8, served);
    event_set(event, 9, served / 2);
    set(stream, event, 10, 1, 10);
}

static void fill_hotspot(struct workload_stream *stream, uint32_t district,
                         struct event *event)
{
    event_set(event, 1, thing(stream, district));
    set(stream, event, 2, 1, 2);
    check(event_append(event, 3, event->subject_unit));
    set(stream, event, 4, 2, 7);
}

static void fill_rating(struct workload_stream *stream, struct event *event)
{
    event_set(event, 1, 2018);
    set(stream, event, 2, 1, 2);
    event_set(event, 3, 1);
    set(stream, event, 4, 1, 4);
    event_set(event, 5, 10 * (50 + workload_pick(stream, 50)));
}

/* Types whose body is a thing of the district and some values. */
static void fill_thing(struct workload_stream *stream, uint32_t district,
                       struct event *event)
{
    if (event->type != 22) {
        event_set(event, 1, thing(stream, district));
    }
    switch (event->type) {
    case 6: /* establishment_status */
        event_set(event, 2, 1 + event_get(event, 1) % 8);
        event_set(event, 3, 1 + event_get(event, 1) % 7);
        event_set(event, 4, workload_pick(stream, 12) == 0 ? 4 : 2);
        set(stream, event, 5, 2, 30);
        break;
    case 7: /* commitment_signed */
        set(stream, event, 2, 1, 2);
        event_set_date(event, 3, event->occurred_on + 365);
        set(stream, event, 4, 2, 30);
        break;
    case 10: /* case_stage */
        set(stream, event, 2, 1, 7);
        set(stream, event, 3, 1, 5);
        set(stream, event, 4, 1, 6);
        if (event_get(event, 2) == 5) {
            event_set(event, 5, workload_pick(stream, 2));
        }
        break;
    case 12: /* tip_status */
        set(stream, event, 2, 1, 5);
        set(stream, event, 3, 1, 5);
        event_set_date(event, 4, event->occurred_on + 20);
        break;
    case 14: /* model_status */
        set(stream, event, 2, 1, 6);
        set(stream, event, 3, 1, 5);
        set(stream, event, 4, 5, 25);
        break;
    default: /* same_as, of tips that no figure asks for */
        event_set(event, 1, 5);
        event_set(event, 2, id60_make(stream->agent, 1, stream->number));
        event_set(event, 3, thing(stream, district));
        if (event_get(event, 2) == event_get(event, 3)) {
            event_set(event, 2, id60_make(stream->agent, 1, 1u << 30));
        }
        break;
    }
}

/* Types that report numbers of a unit. */
static void fill_report(struct workload_stream *stream, struct event *event)
{
    switch (event->type) {
    case 1: /* plan_issued */
        event_set(event, 1, 2018);
        check(event_append(event, 2, 1 + workload_pick(stream, 10)));
        set(stream, event, 3, 10, 60);
        break;
    case 3: /* media_item */
        set(stream, event, 1, 1, 8);
        set(stream, event, 2, 1, 6);
        set(stream, event, 3, 1, 20);
        check(event_append(event, 4, 1 + workload_pick(stream, 8)));
        break;
    case 4: /* coverage_snapshot */
        set(stream, event, 1, 1, 5);
        event_set(event, 2, event->office);
        set(stream, event, 3, 500, 900);
        set(stream, event, 4, 100, 500);
        set(stream, event, 7, 1, 3);
        break;
    case 5: /* training_class */
        set(stream, event, 1, 1, 9);
        set(stream, event, 2, 30, 90);
        set(stream, event, 3, 1, 3);
        set(stream, event, 4, 5, 30);
        set(stream, event, 5, 1, 3);
        break;
    case 16: /* supervision_round */
        set(stream, event, 1, 1, 3);
        check(event_append(event, 2, 1 + workload_pick(stream, 8)));
        break;
    case 17: /* situation_census */
        check(event_append(event, 1, 1 + workload_pick(stream, 2)));
        check(event_append(event, 1, 3 + workload_pick(stream, 3)));
        set(stream, event, 2, 0, 20);
        set(stream, event, 5, 10, 60);
        set(stream, event, 6, 30, 400);
        break;
    case 18: /* team_status */
        set(stream, event, 1, 1, 3);
        event_set(event, 2, 3);
        set(stream, event, 3, 1, 3);
        set(stream, event, 4, 5, 11);
        break;
    default: /* report_submitted, nil_report */
        event_set(event, 1, 1);
        event_set(event, 2, 1);
        event_set(event, 3, 201800 + 1 + workload_pick(stream, 12));
        if (event->type == 21) {
            check(event_append(event, 4, 1 + workload_pick(stream, 54)));
        }
        break;
    }
}

void workload_fill(struct workload_stream *stream, uint32_t district,
                   struct event *event)
{
    switch (event->type) {
    case 2:
        fill_outreach(stream, event);
        break;
    case 8:
        fill_inspection(stream, district, event);
        break;
    case 9: /* admin_sanction */
        set(stream, event, 1, 1, 5);
        set(stream, event, 2, 1, 3);
        event_set(event, 3, event_get(event, 2));
        event_set(event, 4, UINT64_C(250000) * (1 + workload_pick(stream, 80)));
        break;
    case 11:
        fill_hotspot(stream, district, event);
        break;
    case 13:
        fill_client_flow(stream, event);
        break;
    case 15:
        fill_rating(stream, event);
        break;
    case 6:
    case 7:
    case 10:
    case 12:
    case 14:
    case 22:
        fill_thing(stream, district, event);
        break;
    default:
        fill_report(stream, event);
        break;
    }
}
