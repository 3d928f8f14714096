/* The block above the table and the one below it, as offices know them. What
 * the plan does not say follows from the name of the unit; the day is left to
 * the hand that signs, so that no clock is needed. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/base/text.h"
#include "common/event/calendar.h"
#include "common/figures/indicator_text.h"
#include "common/reports/form_text.h"

/* "ỦY BAN NHÂN DÂN QUẬN BA ĐÌNH". */
static void committee_of(const struct form *form, const struct unit *unit,
                         char text[FORM_TEXT_MAX])
{
    char name[INDICATOR_TEXT_MAX], mixed[FORM_TEXT_MAX];

    indicator_unit_text(unit, name);
    (void)snprintf(mixed, sizeof mixed, "%s %s",
                   form->language == LANGUAGE_EN ? "People's Committee of"
                                                 : "Ủy ban nhân dân",
                   name);
    text_to_upper(mixed, text, FORM_TEXT_MAX);
}

static void put(char text[FORM_TEXT_MAX], const char *given)
{
    (void)snprintf(text, FORM_TEXT_MAX, "%s", given == NULL ? "" : given);
}

/* What the plan says for the unit whose plan it is. */
static const struct plan_form *form_of(const struct form *form)
{
    static const struct plan_form none = {.superior = NULL};

    const struct unit *own =
        plan_carried(form->plan, form->units, form->plan->unit,
                     form->days.in_period.unit_date);

    return form->unit == own ? &form->plan->form : &none;
}

static void put_agency(const struct form *form, struct form_head *head)
{
    const struct plan_form *given = form_of(form);
    const struct unit *parent = units_find(form->units, form->unit->parent,
                                           form->days.in_period.unit_date);

    put(head->superior, given->superior);
    put(head->agency, given->agency);
    if (given->agency == NULL) {
        committee_of(form, form->unit, head->agency);
        if (given->superior == NULL && parent != NULL) {
            committee_of(form, parent, head->superior);
        }
    }
}

static void put_signature(const struct form *form, struct form_head *head)
{
    const struct plan_form *given = form_of(form);
    bool english = form->language == LANGUAGE_EN;

    put(head->signed_for, given->signed_for);
    put(head->signer, given->signer);
    if (given->signed_for == NULL) {
        put(head->signed_for,
            english ? "FOR THE PEOPLE'S COMMITTEE" : "TM. ỦY BAN NHÂN DÂN");
        put(head->signer, english ? "CHAIR" : "CHỦ TỊCH");
    }
    head->recipients_title = english ? "Sent to:" : "Nơi nhận:";
    head->signature = english ? "(signature, full name, seal)"
                              : "(Ký, ghi rõ họ tên, đóng dấu)";
}

void form_head(const struct form *form, struct form_head *head)
{
    const struct plan_form *given = form_of(form);
    bool english = form->language == LANGUAGE_EN;
    struct calendar_date end = calendar_date(form->days.period.to);
    char name[INDICATOR_TEXT_MAX], period[PERIOD_LABEL_MAX];

    put_agency(form, head);
    (void)snprintf(head->number, sizeof head->number, "%s          /%s",
                   english ? "No." : "Số:",
                   given->symbol != NULL ? given->symbol : "BC-UBND");
    head->state = english ? "SOCIALIST REPUBLIC OF VIET NAM"
                          : "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM";
    head->motto = english ? "Independence - Freedom - Happiness"
                          : "Độc lập - Tự do - Hạnh phúc";
    (void)snprintf(head->place_and_date, sizeof head->place_and_date,
                   english ? "%s,    /    /%" PRId32
                           : "%s, ngày      tháng      năm %" PRId32,
                   given->place != NULL ? given->place : form->unit->name,
                   end.year);
    head->title = english ? "REPORT" : "BÁO CÁO";
    (void)snprintf(head->subject, sizeof head->subject, "%s%s (%s)",
                   english ? "Results: " : "Kết quả thực hiện ",
                   language_pick(form->plan->title, form->language),
                   form->plan->number[0] != '\0' ? form->plan->number
                                                 : form->plan->id);
    period_label(&form->days.period, form->language, period);
    (void)snprintf(head->period, sizeof head->period, "%s: %s",
                   english ? "Period" : "Kỳ báo cáo", period);
    indicator_unit_text(form->unit, name);
    (void)snprintf(head->area, sizeof head->area, "%s: %s",
                   english ? "Area" : "Địa bàn", name);
    head->addressee[0] = '\0';
    if (given->addressee != NULL) {
        (void)snprintf(head->addressee, sizeof head->addressee, "%s: %s",
                       english ? "To" : "Kính gửi", given->addressee);
    }
    put_signature(form, head);
}

void form_recipient(const struct form *form, size_t i, char text[FORM_TEXT_MAX])
{
    static const struct language_text usual[] = {{"Như trên", "As above"},
                                                 {"Lưu: VT", "File"}};
    const struct plan_form *given = form_of(form);
    size_t count = given->recipient_count > 0 ? given->recipient_count
                                              : sizeof usual / sizeof *usual;

    text[0] = '\0';
    if (i >= count) {
        return;
    }
    (void)snprintf(text, FORM_TEXT_MAX, "– %s%s",
                   given->recipient_count > 0
                       ? given->recipients[i]
                       : language_pick(usual[i], form->language),
                   i + 1 == count ? "." : ";");
}
