/* The interface's description, as a part of the program. It is assembled in, so
 * that no compiler has to read a hundred thousand numbers. */
__asm__(".section .rodata\n"
        ".globl office_openapi_begin\n"
        ".globl office_openapi_end\n"
        "office_openapi_begin:\n"
        ".incbin \"" TALLYLINE_OPENAPI "\"\n"
        "office_openapi_end:\n"
        ".byte 0\n"
        ".previous\n");
