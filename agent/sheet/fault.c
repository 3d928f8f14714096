/* The sentences for what is wrong with a workbook. */
#include "agent/sheet/fault.h"

#include <stdio.h>

#include "agent/sheet/place.h"
#include "common/base/check.h"

static const struct language_text texts[FAULT_END] = {
    [FAULT_NONE] = {"không có lỗi", "nothing is wrong"},
    [FAULT_NOT_A_WORKBOOK] =
        {"đây không phải tệp Excel .xlsx; hãy mở tệp rồi lưu lại dạng "
         "\"Excel Workbook (.xlsx)\"",
         "this is no .xlsx workbook; open the file and save it as \"Excel "
         "Workbook (.xlsx)\""},
    [FAULT_OLD_OR_LOCKED] =
        {"tệp có mật khẩu hoặc là dạng .xls cũ; hãy bỏ mật khẩu và lưu lại "
         "dạng .xlsx",
         "the file has a password or is an old .xls; take the password off "
         "and save it as .xlsx"},
    [FAULT_DAMAGED] = {"tệp bị hỏng hoặc bị cắt mất một phần; hãy chép lại, "
                       "hoặc mở bằng Excel rồi lưu lại",
                       "the file is damaged or cut short; copy it again, or "
                       "open it in Excel and save it anew"},
    [FAULT_LARGE] = {"tệp quá lớn; hãy chia thành nhiều tệp",
                     "the file is too large; divide it"},
    [FAULT_MANY_PARTS] = {"tệp có quá nhiều phần bên trong; hãy chép các dòng "
                          "sang một tệp mới",
                          "the file has too many parts; copy the rows into a "
                          "new file"},
    [FAULT_BOMB] = {"nội dung nén phình ra quá mức cho phép; hãy chép các dòng "
                    "sang một tệp mới",
                    "its content grows beyond what is allowed when it is "
                    "unpacked; copy the rows into a new file"},
    [FAULT_PART_MISSING] = {"thiếu một phần của tệp; hãy mở bằng Excel rồi lưu "
                            "lại",
                            "a part of the file is missing; open it in Excel "
                            "and save it anew"},
    [FAULT_XML] = {"một phần của tệp bị hỏng; hãy mở bằng Excel rồi lưu lại",
                   "a part of the file is damaged; open it in Excel and save "
                   "it anew"},
    [FAULT_DOCTYPE] = {"tệp có khai báo DTD, không phải do Excel lưu; không "
                       "nhận",
                       "the file declares a document type, which no "
                       "spreadsheet writes; it is not taken"},
    [FAULT_DEEP] = {"các phần của tệp lồng nhau quá sâu; hãy chép các dòng "
                    "sang một tệp mới",
                    "its parts are nested too deep; copy the rows into a new "
                    "file"},
    [FAULT_LONG_WORD] = {"tệp có một thẻ dài quá mức; hãy chép các dòng sang "
                         "một tệp mới",
                         "the file has a tag that is too long; copy the rows "
                         "into a new file"},
    [FAULT_MANY_NAMES] = {"tệp có quá nhiều tên thẻ lạ; hãy chép các dòng sang "
                          "một tệp mới",
                          "the file has too many unknown tags; copy the rows "
                          "into a new file"},
    [FAULT_MANY_STRINGS] = {"tệp có quá nhiều chữ; hãy chia thành nhiều tệp",
                            "the file has too many texts; divide it"},
    [FAULT_MANY_STYLES] = {"tệp có quá nhiều kiểu ô; hãy chép các dòng sang "
                           "một tệp mới",
                           "the file has too many styles; copy the rows into "
                           "a new file"},
    [FAULT_MANY_SHEETS] = {"tệp có quá nhiều trang tính; hãy chép các dòng "
                           "sang một tệp mới",
                           "the file has too many sheets; copy the rows into a "
                           "new file"},
    [FAULT_NO_SHEET] = {"tệp không có trang tính nào nhìn thấy được",
                        "the file has no sheet that can be seen"},
    [FAULT_NO_SUCH_SHEET] = {"tệp không có trang tính tên này",
                             "the file has no sheet of this name"},
    [FAULT_ROW_ORDER] = {"các dòng không theo thứ tự; hãy mở bằng Excel rồi "
                         "lưu lại",
                         "its rows are out of order; open it in Excel and save "
                         "it anew"},
    [FAULT_CELL_PLACE] = {"ô không đúng chỗ của nó; hãy mở bằng Excel rồi lưu "
                          "lại",
                          "a cell is not where it says; open it in Excel and "
                          "save it anew"},
    [FAULT_MANY_CELLS] = {"trang tính có quá nhiều ô; hãy chép các dòng sang "
                          "một tệp mới",
                          "the sheet has too many cells; copy the rows into a "
                          "new file"},
    [FAULT_MANY_COLUMNS] = {"có nội dung ở cột quá xa bên phải; hãy xóa ô này",
                            "there is content too far to the right; empty the "
                            "cell"},
    [FAULT_LONG_ROW] = {"dòng có quá nhiều chữ; hãy rút ngắn",
                        "the row has too much text; shorten it"},
    [FAULT_STRING_INDEX] = {"ô nói tới một chữ không có trong tệp; hãy mở bằng "
                            "Excel rồi lưu lại",
                            "the cell names a text that the file does not "
                            "have; open it in Excel and save it anew"},
    [FAULT_MERGED] = {"các ô bị gộp nên không rõ giá trị thuộc dòng nào; hãy "
                      "bỏ gộp ô (Merge Cells)",
                      "cells are merged, so that it is not clear whose value "
                      "it is; unmerge them"},
    [FAULT_NEWER] =
        {"biểu mẫu do phiên bản mới hơn tạo ra; hãy cập nhật chương "
         "trình, hoặc tải biểu mẫu từ máy này",
         "the template was made by a newer version; bring the "
         "program up to date, or take a template from this "
         "machine"},
};

void fault_set(struct fault *fault, enum fault_kind kind, const char *place)
{
    if (fault->kind == FAULT_NONE) {
        fault->kind = kind;
        (void)snprintf(fault->place, sizeof fault->place, "%s", place);
    }
}

void fault_set_cell(struct fault *fault, enum fault_kind kind, size_t row,
                    size_t column)
{
    char place[PLACE_MAX];

    if (fault->kind != FAULT_NONE) {
        return;
    }
    place_write(row, column, place);
    fault_set(fault, kind, place);
    fault->row = row;
    fault->column = column;
}

void fault_write(const struct fault *fault, enum language language,
                 char out[FAULT_TEXT_MAX])
{
    check(fault->kind < FAULT_END);
    (void)snprintf(out, FAULT_TEXT_MAX, "%s%s%s", fault->place,
                   fault->place[0] != '\0' ? ": " : "",
                   language_pick(texts[fault->kind], language));
}
