// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "ports.h"

#include "grus/grus.h"

#include <stdint.h>

static void
add(Port* const     ports,
    uint32_t* const n,
    const PortType  type,
    const uint32_t  index)
{
  const Port port = {type, index};
  ports[(*n)++]   = port;
}

uint32_t
ports_list(const uint32_t n_channels, Port ports[MAX_PORTS])
{
  uint32_t n = 0U;

  add(ports, &n, PORT_CONTROL, 0U);
  add(ports, &n, PORT_NOTIFY, 0U);
  for (uint32_t i = 0U; i < GRUS_N_PARAMS; ++i) {
    if (n_channels > 1U || i != GRUS_PARAM_LINK) {
      add(ports, &n, PORT_PARAM, i);
    }
  }
  for (uint32_t i = 0U; i < GRUS_N_METERS; ++i) {
    add(ports, &n, PORT_METER, i);
  }
  add(ports, &n, PORT_LATENCY, 0U);
  add(ports, &n, PORT_LOAD, 0U);
  add(ports, &n, PORT_LOAD_WORST, 0U);
  for (uint32_t c = 0U; c < n_channels; ++c) {
    add(ports, &n, PORT_INPUT, c);
  }
  for (uint32_t c = 0U; c < n_channels; ++c) {
    add(ports, &n, PORT_OUTPUT, c);
  }
  return n;
}
