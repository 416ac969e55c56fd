# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""Faults that are easy to make and hard to see, and the tests meant to see them.

A fault is what replaces a text in a file, and the names of tests of meson; a
name that starts with "thread:" runs under ThreadSanitizer, one with "program:" is of
whatever is built.
"""

# What a test is made of, where that is not a program of its name
TARGETS = {
    "plugin_threads": ["plugin/manifest.ttl", "plugin/voice.so", "tests/plugin/plugin_check"],
    "record_end": ["tests/live/record_end_check"],
    "session_threads": ["tests/live/session_threads_check"],
}

RING = "engine/base/ring.c"
SLOT = "engine/slot/slot.c"
PROCESS = "engine/stream/process.c"
SAFETENSORS = "engine/format/safetensors.c"
STATE = "engine/stream/saved_state.c"
STEP = """    if (!process_block(stream, in, out, n_frames)) {"""
STORE = """  atomic_store_explicit(&ring->write_head, head + size, memory_order_release);
"""
COPY = """  memcpy(ring->bytes + start, data, first);
  memcpy(ring->bytes, (const char*)data + first, size - first);
"""

FAULTS = {
    "the ring publishes before the data is there": (
        RING, COPY + STORE, STORE + COPY, ["thread:threads_check"]),
    "the ring publishes in relaxed order": (
        RING, STORE, STORE.replace("release", "relaxed"), ["thread:threads_check"]),
    "the ring looks for data in relaxed order": (
        RING, "return atomic_load_explicit(&ring->write_head, memory_order_acquire) -",
        "return atomic_load_explicit(&ring->write_head, memory_order_relaxed) -",
        ["thread:threads_check"]),
    "the slot publishes in relaxed order": (
        SLOT, "return atomic_exchange_explicit(&slot->next, stream, memory_order_acq_rel);",
        "return atomic_exchange_explicit(&slot->next, stream, memory_order_relaxed);",
        ["thread:threads_check"]),
    "the slot takes a stream in relaxed order": (
        SLOT, "atomic_exchange_explicit(&slot->next, NULL, memory_order_acq_rel);",
        "atomic_exchange_explicit(&slot->next, NULL, memory_order_relaxed);",
        ["thread:threads_check"]),
    "the plugin's news are put up in relaxed order": (
        "plugin/news.c", """board->writer | is_new,
                                           memory_order_acq_rel) &""",
        """board->writer | is_new,
                                           memory_order_relaxed) &""",
        ["thread:plugin_threads"]),
    "a live recording ends while it is written to": (
        "tools/live/audio/sound.c", "  for (int i = 0; i < 1000 && atomic_load",
        "  return true;\n  for (int i = 0; i < 1000 && atomic_load",
        ["program:record_end"]),
    "a live session is gone while its file is read": (
        "tools/live/session/session.c", "  static LiveSession s;\n", "  LiveSession s;\n",
        ["program:session_threads"]),
    "denormals are not flushed": (
        "engine/base/denormals.h", "_mm_setcsr(mode | 0x8040U);", "_mm_setcsr(mode);",
        ["denormals"]),
    "the mode of denormals stays": (
        "engine/base/denormals.h", "  _mm_setcsr((unsigned)mode);", "  (void)mode;",
        ["denormals"]),
    "process() takes a lock": (
        PROCESS, STEP, """    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&lock);
    pthread_mutex_unlock(&lock);
""" + STEP, ["realtime_check"]),
    "process() allocates aligned memory": (
        PROCESS, STEP, """    static void* volatile kept;
    kept = aligned_alloc(64U, 64U);
""" + STEP, ["realtime_check"]),
    "a header may end one byte past the file": (
        SAFETENSORS, "size > file->size - LENGTH_SIZE ||",
        "size > file->size - LENGTH_SIZE + 1U ||", ["bounds"]),
    "a tensor may end one byte past the file": (
        "engine/format/tensor_entry.c", "(uint64_t)json_integer_value(end) > data_size)",
        "(uint64_t)json_integer_value(end) > data_size + 1U)", ["bounds"]),
    "a state forgets a ramp": (
        STATE, "  stream->position           = header.position;",
        """  for (uint32_t f = 0U; f < GRUS_N_FACTORS; ++f) {
    header.position.mix.now[f] = header.position.mix.target[f];
  }
  header.position.mix.n_left = 0U;
  stream->position           = header.position;""", ["state"]),
    "a state forgets the activity": (
        STATE, "                        header.activity,\n",
        "                        0.0f,\n", ["state"]),
    "a session plays any model of its name": (
        "plugin/control.c", "grus_model_info(model)->hash != reference->hash", "!model",
        ["program:plugin"]),
}

# What a fault needs included
HEADERS = {PROCESS: "#include <pthread.h>\n#include <stdlib.h>\n"}
