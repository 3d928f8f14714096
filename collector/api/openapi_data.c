/* The interface's description, as a part of the program. It is assembled in, so
 * that no compiler has to read a hundred thousand numbers. */
__asm__(".section .rodata\n"
        ".globl openapi_begin\n"
        ".globl openapi_end\n"
        "openapi_begin:\n"
        ".incbin \"" TALLYLINE_OPENAPI "\"\n"
        "openapi_end:\n"
        ".byte 0\n"
        ".previous\n");
