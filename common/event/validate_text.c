/* validate_text - a broken rule in words.
 *
 * Flow     issue -> [validate_text] -> form, error list, office's page
 *
 * Each sentence says what is wrong, shows the value and the rule, and how to
 * mend it. In a template {F} is the field, {V} its value, {O} the field it was
 * compared with and {L} the limit.
 */
#include "common/event/validate.h"

#include "common/base/check.h"
#include "common/base/text.h"
#include "common/event/calendar.h"
#include "common/event/catalogue.h"
#include "common/event/reference.h"
#include "common/event/unit.h"

#include <stdio.h>
#include <string.h>

#define PART_MAX 200u /* with the closing zero */

struct rule_text {
    const char *name;
    struct language_text template;
};

static const struct rule_text rules[VALIDATE_RULE_END] = {
    [VALIDATE_OK] = {"ok", {"Hợp lệ.", "Valid."}},
    [VALIDATE_TYPE_UNKNOWN] =
        {"type_unknown",
         {"Loại sự kiện {V} chưa được khai báo. Hãy kiểm tra tên loại hoặc "
          "cập nhật phần mềm.",
          "Nobody declared the type {V}. Check the name of the type, or "
          "update the program."}},
    [VALIDATE_REQUIRED] = {"required",
                           {"Thiếu {F}. Trường này bắt buộc; hãy điền vào.",
                            "{F} is missing. It is required; fill it in."}},
    [VALIDATE_EMPTY] = {"empty",
                        {"{F} chưa có mục nào. Hãy ghi ít nhất một mục.",
                         "{F} has no item. Give at least one."}},
    [VALIDATE_VALUE_UNKNOWN] =
        {"value_unknown",
         {"{F}: giá trị {V} không có trong danh mục. Hãy chọn giá trị khác, "
          "hoặc đề nghị tỉnh khai báo giá trị này.",
          "{F}: nobody declared the value {V}. Choose another, or ask the "
          "province to declare it."}},
    [VALIDATE_VALUE_TWICE] = {"value_twice",
                              {"{F}: {V} được ghi hai lần. Hãy bỏ một lần.",
                               "{F}: {V} is there twice. Take one away."}},
    [VALIDATE_BELOW_MIN] =
        {"below_min",
         {"{F} là {V}, nhỏ hơn mức tối thiểu {L}. Hãy kiểm tra lại.",
          "{F} is {V}, less than the least, {L}. Check the number."}},
    [VALIDATE_ABOVE_MAX] =
        {"above_max",
         {"{F} là {V}, lớn hơn mức tối đa {L}. Hãy kiểm tra lại.",
          "{F} is {V}, more than the most, {L}. Check the number."}},
    [VALIDATE_DATE_TOO_EARLY] =
        {"date_too_early",
         {"{F} là {V}, trước ngày sớm nhất được nhận là {L}. Hãy kiểm tra "
          "lại năm.",
          "{F} is {V}, before {L}, the first day that is taken. Check the "
          "year."}},
    [VALIDATE_DATE_IN_FUTURE] =
        {"date_in_future",
         {"{F} là {V}, sau ngày muộn nhất được nhận là {L}. Hãy kiểm tra lại "
          "ngày.",
          "{F} is {V}, after {L}, the last day that is taken. Check the "
          "date."}},
    [VALIDATE_DATE_ORDER] =
        {"date_order",
         {"{F} là {V}, trước {O} ({L}). Hãy sửa một trong hai ngày.",
          "{F} is {V}, before {O} ({L}). Mend one of the two dates."}},
    [VALIDATE_PERIOD_ORDER] =
        {"period_order",
         {"{F} là {V}, sau {O} ({L}). Hãy sửa một trong hai ngày.",
          "{F} is {V}, after {O} ({L}). Mend one of the two dates."}},
    [VALIDATE_PERIOD_CROSSES] =
        {"period_crosses",
         {"Kỳ số liệu bắt đầu ngày {V} vượt qua ngày chốt số liệu {L}. Hãy "
          "tách thành hai sự kiện: một đến hết ngày {L}, một từ ngày hôm sau.",
          "The period that begins on {V} goes beyond {L}, the last day of a "
          "reporting period. Split it: one event to {L}, one from the day "
          "after."}},
    [VALIDATE_PERIOD_KEY] =
        {"period_key",
         {"{F} là {V}, nhưng loại kỳ này chỉ có {L} kỳ một năm. Hãy ghi năm "
          "và số thứ tự: quý 3 năm 2018 là 201803.",
          "{F} is {V}, but a year has {L} periods of this kind. Write year "
          "and number: the third quarter of 2018 is 201803."}},
    [VALIDATE_UNIT_UNKNOWN] =
        {"unit_unknown",
         {"{F}: không có đơn vị hành chính {V} vào ngày xảy ra. Hãy kiểm tra "
          "mã đơn vị.",
          "{F}: there is no unit {V} on the day of the event. Check the "
          "code."}},
    [VALIDATE_UNIT_NOT_IN_FORCE] =
        {"unit_not_in_force",
         {"{F}: {V} không có hiệu lực vào ngày {L}. Hãy sửa ngày, hoặc chọn "
          "đơn vị của ngày đó.",
          "{F}: {V} was not in force on {L}. Mend the day, or choose the unit "
          "of that day."}},
    [VALIDATE_UNIT_LEVEL] =
        {"unit_level",
         {"{F}: {V} không đúng cấp cần có: {L}. Hãy chọn đơn vị đúng cấp.",
          "{F}: {V} is not of the level that is needed: {L}. Choose another "
          "unit."}},
    [VALIDATE_REFERENCE] =
        {"reference",
         {"{F}: {V} không phải mã tham chiếu. Hãy nhập lại, ví dụ "
          "EST-0271-000123-Q.",
          "{F}: {V} is not a reference. Enter it again, such as "
          "EST-0271-000123-Q."}},
    [VALIDATE_ABOVE_FIELD] =
        {"above_field",
         {"{F} là {V}, lớn hơn {O} ({L}). Hãy kiểm tra lại hai số.",
          "{F} is {V}, more than {O} ({L}). Check both numbers."}},
    [VALIDATE_NOT_TOGETHER] =
        {"not_together",
         {"Có {F} thì phải có {O}. Hãy điền {O}, hoặc bỏ trường này.",
          "{F} needs {O}. Fill in {O}, or leave the field out."}},
    [VALIDATE_LIST_LENGTH] =
        {"list_length",
         {"{F} có {V} mục nhưng {O} có {L} mục. Hai danh sách phải dài bằng "
          "nhau.",
          "{F} has {V} items, but {O} has {L}. Both lists must be as long."}},
    [VALIDATE_LIST_SUM] =
        {"list_sum",
         {"{F} cộng lại là {V} nhưng {O} là {L}. Hãy sửa cho khớp.",
          "{F} add up to {V}, but {O} is {L}. Make them agree."}},
    [VALIDATE_RESULT_NO_VIOLATION] =
        {"result_no_violation",
         {"{F} là “{V}” nhưng {O} là {L}. Hãy ghi số vi phạm, hoặc sửa kết "
          "quả.",
          "{F} is \"{V}\", but {O} is {L}. Give the number of violations, or "
          "mend the result."}},
    [VALIDATE_RESULT_VIOLATIONS] =
        {"result_violations",
         {"{F} là “{V}” nhưng {O} là {L}. Có vi phạm thì kết quả phải là có "
          "vi phạm.",
          "{F} is \"{V}\", but {O} is {L}. With violations the result must "
          "say so."}},
    [VALIDATE_SAME_TWICE] =
        {"same_twice",
         {"{F} và {O} là cùng một mã ({V}). Hãy sửa một trong hai.",
          "{F} and {O} are one reference ({V}). Mend one of them."}},
    [VALIDATE_DOCUMENT_PARTS] =
        {"document_parts",
         {"{F}: cần đủ số, loại văn bản và cơ quan ban hành, ví dụ "
          "25/KH-UBND.",
          "{F}: give number, kind and issuing body, such as 25/KH-UBND."}},
    [VALIDATE_CORRECTION_TARGET] = {
        "correction_target",
        {"{F}: đính chính phải nêu đúng mã sự kiện được đính chính, ví dụ "
         "271.1.42.",
         "{F}: a correction must name the event that it corrects, such as "
         "271.1.42."}}};

/* Which unit an office records for follows from its enrolment: what can be
 * mended is the day. */
static const struct language_text own_unit_not_in_force = {
    "{V}, đơn vị ghi, không có hiệu lực vào ngày {L}. Hãy kiểm tra lại ngày; "
    "nếu ngày đúng, hãy báo tỉnh giao đơn vị mới cho văn phòng.",
    "{V}, for which this office records, was not in force on {L}. Check the "
    "day; if it is right, ask the province to enrol the office for the new "
    "unit."};

const char *validate_rule_name(enum validate_rule rule)
{
    check((unsigned)rule < VALIDATE_RULE_END);
    return rules[rule].name;
}

static const struct catalogue_field *find_row(uint32_t type, uint32_t field)
{
    const struct catalogue_type *row = catalogue_type(type);
    size_t count = 0;
    const struct catalogue_field *header = catalogue_header(&count);
    if (field >= EVENT_BODY_BASE) {
        return row == NULL ? NULL
                           : catalogue_field(row, field - EVENT_BODY_BASE);
    }
    return field >= 1 && field <= count ? &header[field - 1] : NULL;
}

const char *validate_field_name(uint32_t type, uint32_t field)
{
    const struct catalogue_type *row = catalogue_type(type);
    const struct catalogue_field *found = find_row(type, field);
    if (row != NULL && field == EVENT_OCCURRED_ON) {
        return row->date_name;
    }
    if (row != NULL && field == EVENT_SUBJECT_UNIT) {
        return row->unit_name;
    }
    return found == NULL ? "" : found->name;
}

/* "Ngày kiểm tra (inspected_on)" */
static void write_field(uint32_t type, uint32_t field,
                        const struct validate_reader *reader,
                        char out[PART_MAX])
{
    const struct catalogue_type *row = catalogue_type(type);
    const struct catalogue_field *found = find_row(type, field);
    out[0] = '\0';
    if (found == NULL) {
        return;
    }
    struct language_text label = row != NULL && field == EVENT_OCCURRED_ON
                                     ? row->date_label
                                     : found->label;
    const char *name = language_pick(label, reader->language);
    int size = reader->keys ? snprintf(out, PART_MAX, "%s (%s)", name,
                                       validate_field_name(type, field))
                            : snprintf(out, PART_MAX, "%s", name);
    check(size > 0 && (size_t)size < PART_MAX);
}

static void write_known_value(const struct catalogue_enumeration *enumeration,
                              const struct vocabulary *vocabulary,
                              uint64_t value, enum language language,
                              char out[PART_MAX])
{
    const struct catalogue_value *known =
        value <= UINT32_MAX
            ? vocabulary_value(vocabulary, enumeration, (uint32_t)value)
            : NULL;
    if (known == NULL) {
        (void)snprintf(out, PART_MAX, "%llu", (unsigned long long)value);
    } else {
        (void)snprintf(out, PART_MAX, "%.*s", (int)PART_MAX - 1,
                       language_pick(known->label, language));
    }
}

static void write_reference(const struct catalogue_field *row, uint64_t value,
                            char out[PART_MAX])
{
    char text[REFERENCE_TEXT_MAX];
    if (row->reference != 0 && id60_valid(value)) {
        reference_format((enum reference_kind)row->reference, value, text);
        (void)snprintf(out, PART_MAX, "%s", text);
    } else {
        (void)snprintf(out, PART_MAX, "%llu", (unsigned long long)value);
    }
}

/* As it was called on the day, or on any other: "Quận Ba Đình (gso3:001)". */
static void write_unit(const struct event *event, uint32_t key,
                       const struct validate_reader *reader, char out[PART_MAX])
{
    const struct unit *unit =
        units_called(reader->units, key, event->occurred_on);
    char code[UNIT_TEXT_MAX];

    unit_key_format(key, code);
    if (unit == NULL) {
        (void)snprintf(out, PART_MAX, "%s", code);
    } else if (reader->keys) {
        (void)snprintf(out, PART_MAX, "%s %s (%s)", unit->type, unit->name,
                       code);
    } else {
        (void)snprintf(out, PART_MAX, "%s %s", unit->type, unit->name);
    }
}

/* The value as the field's kind is read by people. */
static void write_value(const struct event *event,
                        const struct catalogue_field *row,
                        const struct validate_reader *reader, uint64_t value,
                        char out[PART_MAX])
{
    enum language language = reader->language;

    switch (row->kind) {
    case FIELD_DATE:
        text_format_date((int32_t)(int64_t)value, language, out);
        break;
    case FIELD_VALUE:
    case FIELD_VALUES:
        write_known_value(row->enumeration, reader->vocabulary, value, language,
                          out);
        break;
    case FIELD_UNIT:
    case FIELD_UNITS:
        write_unit(event, (uint32_t)value, reader, out);
        break;
    case FIELD_REFERENCE:
        write_reference(row, value, out);
        break;
    case FIELD_COUNT:
    case FIELD_COUNTS:
    case FIELD_MONEY:
        text_format_count(value, language, out);
        break;
    default:
        (void)snprintf(out, PART_MAX, "%llu", (unsigned long long)value);
        break;
    }
}

/* What {V} and {L} stand for is not always of the field's own kind. */
static void write_limit(const struct event *event,
                        const struct validate_issue *issue,
                        const struct validate_reader *reader,
                        char out[PART_MAX])
{
    enum language language = reader->language;
    const struct catalogue_field *row = find_row(event->type, issue->field);
    const struct catalogue_field *other = find_row(event->type, issue->other);
    switch (issue->rule) {
    case VALIDATE_UNIT_NOT_IN_FORCE:
    case VALIDATE_PERIOD_CROSSES:
        text_format_date((int32_t)(int64_t)issue->limit, language, out);
        break;
    case VALIDATE_UNIT_LEVEL:
        write_known_value(catalogue_enumeration("Level"), NULL, issue->limit,
                          language, out);
        break;
    case VALIDATE_LIST_LENGTH:
    case VALIDATE_PERIOD_KEY:
        text_format_count(issue->limit, language, out);
        break;
    default:
        row = other != NULL ? other : row;
        if (row != NULL) {
            write_value(event, row, reader, issue->limit, out);
        }
        break;
    }
}

/* Adds a piece as far as there is room, never a part of a character. */
static void append(char text[VALIDATE_TEXT_MAX], size_t *used,
                   const char *piece, size_t size)
{
    size_t room = VALIDATE_TEXT_MAX - 1 - *used;
    if (size > room) {
        size = room;
        while (size > 0 && ((unsigned char)piece[size] & 0xc0u) == 0x80u) {
            size--;
        }
    }
    memcpy(text + *used, piece, size);
    *used += size;
    text[*used] = '\0';
}

size_t validate_describe(const struct event *event,
                         const struct validate_issue *issue,
                         const struct validate_reader *reader,
                         char text[VALIDATE_TEXT_MAX])
{
    char field[PART_MAX];
    char other[PART_MAX];
    char value[PART_MAX] = "";
    char limit[PART_MAX] = "";
    const struct catalogue_field *row = find_row(event->type, issue->field);
    check((unsigned)issue->rule < VALIDATE_RULE_END);
    write_field(event->type, issue->field, reader, field);
    write_field(event->type, issue->other, reader, other);
    if (row != NULL) {
        write_value(event, row, reader, issue->value, value);
    }
    write_limit(event, issue, reader, limit);
    bool own =
        issue->rule == VALIDATE_UNIT_NOT_IN_FORCE && issue->field == EVENT_UNIT;
    const char *at =
        language_pick(own ? own_unit_not_in_force : rules[issue->rule].template,
                      reader->language);
    size_t used = 0;
    text[0] = '\0';
    while (*at != '\0') {
        const char *brace = strchr(at, '{');
        size_t plain = brace == NULL ? strlen(at) : (size_t)(brace - at);
        append(text, &used, at, plain);
        at += plain;
        if (brace != NULL) {
            const char *part = brace[1] == 'F'   ? field
                               : brace[1] == 'V' ? value
                               : brace[1] == 'O' ? other
                                                 : limit;
            append(text, &used, part, strlen(part));
            at += strlen("{F}");
        }
    }
    return used;
}
