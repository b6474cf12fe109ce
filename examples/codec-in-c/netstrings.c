/*
 * A codec in C, from docs/abi.md alone: a sequence of netstrings, "3:foo,0:,", as a list of byte strings. The sections named here are those of that page.
 *
 * A netstring is its length in decimal digits, a colon, the bytes and a comma. Lengths have no leading zeros, so that there is one form of every value.
 */
typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long long u64;

/* Section 2: the manifest, as a custom section. */
__asm__(".section .custom_section.autocodec,\"\",@\n"
        ".incbin \"manifest.json\"\n");

/* Section 3: the control block, and the window after it. WINDOW is the manifest's "window". */
#define WINDOW 1024

struct {
  u32 filled, unused;
  u64 size;
  u32 tape, records, text, text_length, wide, wide_length, data, data_length;
  u32 output, output_length, pieces, piece_count;
  u32 error, detail;
  u64 error_offset;
  u8 zero[48];
  u8 window[WINDOW];
} control __attribute__((aligned(8)));

/* Section 4 */
__attribute__((import_module("autocodec"), import_name("read"))) u32 read_input(void *to, u32 length, u64 offset);

/* Section 5 */
enum { BYTES = 7, LIST = 9 };
enum { SOURCE_INPUT = 0, SOURCE_TEXT = 1 };

struct record {
  u32 head, aux;
  u64 payload;
};

/* Section 6 */
struct piece {
  u32 at, length;
  u64 offset;
};

/* Section 7 */
enum { UNEXPECTED_END = 1, MALFORMED = 3, NON_CANONICAL = 4, WRONG_KIND = 12, TOO_LARGE = 15 };

__attribute__((noreturn)) static void fail(u32 error, u64 offset, u32 detail) {
  control.error = error;
  control.error_offset = offset;
  control.detail = detail;
  __builtin_trap();
}

/*
 * Memory after the static data, taken from below and never given back. C keeps variables in memory, not in Wasm globals, so they may still be as an earlier call has left them
 * (section 1): each call sets what it uses.
 */
extern u8 __heap_base;
static u32 heap;

static void open_heap(void) { heap = (u32)&__heap_base; }

static void *allocate(u32 length) {
  u32 start = (heap + 15) & ~15u;
  u64 end = (u64)start + length;
  u64 have = (u64)__builtin_wasm_memory_size(0) << 16;
  if (end > have && (end >> 32 || __builtin_wasm_memory_grow(0, (u32)((end - have + 0xffff) >> 16)) == (unsigned long)-1)) __builtin_trap();
  heap = (u32)end;
  return (void *)start;
}

/* --- decode ------------------------------------------------------------------------------------------------------------------------------------------- */

/* The input offset of the window's first byte, and how many bytes stand in it. */
static u64 window_offset;
static u32 window_length;

/* The input byte at an offset. Headers are read one byte after the other; the long values between them are never read. */
static u32 byte_at(u64 offset) {
  if (offset >= control.size) fail(UNEXPECTED_END, control.size, 0);
  if (offset < window_offset || offset - window_offset >= window_length) {
    window_length = read_input(control.window, WINDOW, offset);
    window_offset = offset;
  }
  return control.window[offset - window_offset];
}

/* The tape is the last thing on the heap, so that it grows in place. */
static struct record *add(u32 head, u32 aux, u64 payload) {
  struct record *record = allocate(sizeof *record);
  record->head = head;
  record->aux = aux;
  record->payload = payload;
  control.records++;
  return record;
}

__attribute__((export_name("decode"))) int decode(int flags) {
  (void)flags; /* there is nothing to be lax about */
  open_heap();
  window_offset = 0;
  window_length = control.filled;
  struct record *list = add(LIST, 0, 0);
  u64 offset = 0;
  while (offset < control.size) {
    u64 start = offset;
    u64 length = 0;
    u32 c;
    while ((c = byte_at(offset)) - '0' < 10) {
      /* what follows a zero makes a longer form of the same number */
      if (offset - start == 1 && length == 0) fail(NON_CANONICAL, start, '0');
      length = length * 10 + (c - '0');
      if (length > 0xffffffff) fail(TOO_LARGE, start, 0);
      offset++;
    }
    if (c != ':' || offset == start) fail(MALFORMED, offset, c);
    offset++;
    add(BYTES | SOURCE_INPUT << 4, (u32)length, offset);
    list->aux++;
    offset += length;
    if ((c = byte_at(offset)) != ',') fail(MALFORMED, offset, c);
    offset++;
  }
  list->payload = control.records; /* the end of the list; the upper half is 0 */
  control.tape = (u32)list;
  return 0;
}

/* --- encode ------------------------------------------------------------------------------------------------------------------------------------------- */

__attribute__((export_name("reserve"))) u32 reserve(u32 length) {
  open_heap();
  return (u32)allocate(length);
}

__attribute__((export_name("encode"))) int encode(int flags) {
  (void)flags;
  const struct record *list = (const struct record *)control.tape;
  if ((list->head & 15) != LIST) fail(WRONG_KIND, 0, list->head & 15);

  /* sizes first, so that one allocation is enough. A header takes at most 11 bytes, a comma one */
  u32 count = list->aux;
  u64 size = 0;
  for (u32 i = 1; i <= count; i++) {
    if ((list[i].head & 15) != BYTES) fail(WRONG_KIND, i, list[i].head & 15);
    size += 12;
    if ((list[i].head >> 4 & 3) != SOURCE_INPUT) size += list[i].aux;
  }
  if (size >> 31) fail(TOO_LARGE, 0, 0);
  struct piece *pieces = allocate(count * sizeof *pieces);
  u8 *output = allocate((u32)size);
  u8 *to = output;

  for (u32 i = 1; i <= count; i++) {
    const struct record *item = list + i;
    u8 digits[10];
    u32 n = 0, rest = item->aux, source = item->head >> 4 & 3;
    do digits[n++] = '0' + rest % 10;
    while (rest /= 10);
    while (n) *to++ = digits[--n];
    *to++ = ':';
    if (source == SOURCE_INPUT) {
      struct piece *piece = pieces + control.piece_count++;
      piece->at = (u32)(to - output);
      piece->length = item->aux;
      piece->offset = item->payload;
    } else {
      const u8 *from = (const u8 *)(source == SOURCE_TEXT ? control.text : control.data) + (u32)item->payload;
      __builtin_memcpy(to, from, item->aux);
      to += item->aux;
    }
    *to++ = ',';
  }
  control.output = (u32)output;
  control.output_length = (u32)(to - output);
  control.pieces = (u32)pieces;
  return 0;
}
